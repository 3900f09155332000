"""Individual answers, by the million, on DuckDB, Spark or pandas."""
