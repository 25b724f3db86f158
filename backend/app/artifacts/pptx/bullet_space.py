"""The room for bullets and how they are laid out in it."""

from collections.abc import Mapping, Sequence

from app.artifacts.blocks import Run
from app.artifacts.pptx.fitting import TextSpace
from app.artifacts.pptx.geometry import BODY
from app.artifacts.pptx.pieces import Line, marked

BULLET_INDENT = 20.0
_GAP_FEW, _GAP = 1.1, 0.65
_FEW, _LARGEST_FEW, _LARGEST, _SMALLEST = 4, 26.0, 21.0, 14.0


def item_lines(items: Sequence[tuple[Run, ...]], numbers: Mapping[str, int]) -> tuple[Line, ...]:
    """Return the bullets with their marks."""
    return tuple(marked(item, numbers) for item in items)


def bullet_space(lines: Sequence[Line]) -> TextSpace:
    """Return the room for bullets; few are set larger."""
    are_few = len(lines) <= _FEW
    return TextSpace(
        width=BODY.width - BULLET_INDENT - 2,
        height=BODY.height,
        largest=_LARGEST_FEW if are_few else _LARGEST,
        smallest=_SMALLEST,
        gap=_GAP_FEW if are_few else _GAP,
    )
