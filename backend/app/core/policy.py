"""The names of the policies, apart from the settings: the command line must not wait for those."""

from enum import StrEnum


class Policy(StrEnum):
    """How a step's model is chosen: the cheapest, the cheapest that is good enough, the best."""

    CHEAP = "cheap"
    BALANCED = "balanced"
    BEST = "best"
