"""What a person checked, and what that certifies."""
