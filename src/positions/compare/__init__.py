"""Two states of a study: what changed, and which numbers moved."""
