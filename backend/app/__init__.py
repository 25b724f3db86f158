"""Madang: one goal and some files in, sourced office files out, through a team of agents."""
