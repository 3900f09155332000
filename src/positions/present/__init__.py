"""What a notebook shows: tables, charts, sentences, switches."""
