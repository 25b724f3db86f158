"""Whole goals, as strangers write them, through the real runtime with the built-in composer."""
