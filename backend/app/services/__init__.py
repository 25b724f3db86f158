"""Use cases by domain; each package's front door is its `__init__`."""
