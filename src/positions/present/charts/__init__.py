"""A table in, a titled chart out."""
