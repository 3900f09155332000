"""The command `positions`."""
