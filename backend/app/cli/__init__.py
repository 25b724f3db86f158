"""The command line `madang`."""

from app.cli.application import madang, main

__all__ = ["madang", "main"]
