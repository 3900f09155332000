"""Codings to stances to positions; agreement, reliability, consensus, networks, groups, map."""
