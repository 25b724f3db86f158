"""A slide that could be made, how much it is wanted, and where it belongs in the talk."""

from dataclasses import dataclass
from enum import IntEnum

from app.artifacts.blocks import Slide

TITLE_EM, BULLET_EM = 54.0, 66.0


class Part(IntEnum):
    """The order of slides in the talk."""

    FIGURES = 1
    BREAKDOWN = 2
    TABLE = 3
    THEMES = 4
    THEME = 5
    QUOTE = 6
    DISAGREEMENT = 7
    LATE = 8
    GAPS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A slide that could be made: how much it is wanted, and where it belongs.

    `texts` are the statements that it carries; a statement fills no second slide.
    """

    slide: Slide
    part: Part
    worth: float
    message: str
    source_ids: tuple[str, ...] = ()
    place: int = 0
    texts: frozenset[str] = frozenset()
