"""Polis: votes as responses, sides as votes."""
