"""Typed values that cross walls: sources, plans, requests and answers."""
