"""How a table's columns share the width of the page, and where a table too wide is cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.artifacts.text_width import em_width

_NATURAL_EM = 26.0
_MINIMUM_EM = 9.0
_BOLD_SHARE = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNeed:
    """What a column wants: enough for its longest line, at least for its longest word (points)."""

    natural_pt: float
    minimum_pt: float


def column_need(
    header: str, cells: Sequence[str], *, size_pt: float, padding_pt: float
) -> ColumnNeed:
    """Measure a column. Lines count up to 26 em and words up to 9 em; longer ones wrap."""
    lines = max((em_width(cell) for cell in cells), default=0.0)
    natural = max(min(lines, _NATURAL_EM), min(em_width(header) * _BOLD_SHARE, _NATURAL_EM * 0.7))
    words = [word for text in (header, *cells) for word in text.split()]
    longest = max((em_width(word) for word in words), default=0.0) * _BOLD_SHARE
    minimum = min(longest, _MINIMUM_EM)
    return ColumnNeed(
        natural_pt=max(natural, minimum, 1.5) * size_pt + padding_pt,
        minimum_pt=max(minimum, 1.5) * size_pt + padding_pt,
    )


def share_width(needs: Sequence[ColumnNeed], width_pt: float) -> tuple[float, ...]:
    """Return the columns' widths, which add up to `width_pt`."""
    natural = sum(need.natural_pt for need in needs)
    if natural <= width_pt:
        spare = width_pt - natural
        return tuple(need.natural_pt + spare * need.natural_pt / natural for need in needs)
    minimum = sum(need.minimum_pt for need in needs)
    if minimum >= width_pt:
        return tuple(need.minimum_pt * width_pt / minimum for need in needs)
    stretch = (width_pt - minimum) / (natural - minimum)
    return tuple(need.minimum_pt + (need.natural_pt - need.minimum_pt) * stretch for need in needs)


def column_groups(needs: Sequence[ColumnNeed], width_pt: float) -> tuple[tuple[int, ...], ...]:
    """Cut columns into groups that fit the page; each later group starts with column 0 again."""
    if sum(need.minimum_pt for need in needs) <= width_pt or len(needs) < 2:
        return (tuple(range(len(needs))),)
    groups: list[list[int]] = [[0]]
    used = needs[0].minimum_pt
    for index in range(1, len(needs)):
        if used + needs[index].minimum_pt > width_pt and len(groups[-1]) > 1:
            groups.append([0])
            used = needs[0].minimum_pt
        groups[-1].append(index)
        used += needs[index].minimum_pt
    return tuple(map(tuple, groups))
