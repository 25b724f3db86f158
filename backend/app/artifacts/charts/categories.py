"""How category labels stand under an axis so that none overlaps: wrapped, thinned or rotated."""

import math
from dataclasses import dataclass

from app.artifacts.characters import clean_line
from app.artifacts.text_width import em_width, truncate_text, wrap_text

LABEL_SIZE = 11.0
LINE_PX = 14.0
ROTATION_DEGREES = -40.0
_COSINE = math.cos(math.radians(-ROTATION_DEGREES))
_SINE = math.sin(math.radians(-ROTATION_DEGREES))
_MAX_LINES = 3
_SHORT_EM = 5.5
_ROTATED_EM = 13.0
_ROTATED_PITCH_PX = 19.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLabels:
    """Labels to draw: `lines` by category, every `every`-th shown, in `height` pixels."""

    lines: tuple[tuple[str, ...], ...]
    every: int = 1
    is_rotated: bool = False
    height: float

    def shown(self) -> tuple[int, ...]:
        """Return the indices of the categories whose label is drawn."""
        return tuple(range(0, len(self.lines), self.every))


def layout_categories(
    categories: tuple[str, ...], band_px: float, *, first_px: float
) -> CategoryLabels:
    """Choose how labels stand in bands `band_px` wide.

    `first_px` is the room left of the first band's middle, where a rotated label ends.
    """
    names = tuple(clean_line(name) for name in categories)
    band_em = band_px * 0.94 / LABEL_SIZE
    wrapped = _wrapped(names, band_em)
    if wrapped is not None:
        return wrapped
    widest = max(em_width(name) for name in names)
    if widest <= _SHORT_EM:
        every = math.ceil((widest + 0.8) / band_em * 0.94)
        lines = tuple((name,) for name in names)
        return CategoryLabels(lines=lines, every=every, height=LINE_PX + 8)
    return _rotated(names, band_px, first_px)


def _wrapped(names: tuple[str, ...], band_em: float) -> CategoryLabels | None:
    longest_word = max((em_width(word) for name in names for word in name.split()), default=0.0)
    if longest_word > band_em:
        return None
    lines = tuple(wrap_text(name, band_em) for name in names)
    most = max(map(len, lines))
    if most > _MAX_LINES:
        return None
    return CategoryLabels(lines=lines, height=most * LINE_PX + 8)


def _rotated(names: tuple[str, ...], band_px: float, first_px: float) -> CategoryLabels:
    every = math.ceil(_ROTATED_PITCH_PX / band_px)
    lines = []
    for index, name in enumerate(names):
        room_em = (first_px + index * band_px - 4) / _COSINE / LABEL_SIZE
        lines.append((truncate_text(name, max(1.5, min(_ROTATED_EM, room_em))),))
    longest_px = max(em_width(line[0]) for line in lines) * LABEL_SIZE
    height = longest_px * _SINE + LINE_PX
    return CategoryLabels(lines=tuple(lines), every=every, is_rotated=True, height=height)
