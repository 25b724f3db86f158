"""Totals that only arithmetic proves: "All regions", "전국", "Total revenue".

The label alone does not prove it: a table may list only some parts, or the label may name a thing
of its own ("Total addressable market"). Such a row is a total when the sums bear it out.
"""

import re
from collections.abc import Iterable, Sequence

from app.sources.tables.cells import parse_number, scaled
from app.sources.tables.grid import RawCell

_WHOLE = re.compile(
    r"전국|전체|전\s?지역|all(?: regions| countries| segments)?|world(?:wide)?|nationwide|overall",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(r"total .+|.+[^\s]계", re.IGNORECASE)
_TOLERANCE = 0.005


def mark_wholes(rows: Sequence[Sequence[RawCell]], totals: Sequence[bool]) -> list[bool]:
    """Return `totals` with the rows of wholes added, when a column's parts add up to them."""
    totals = _mark_sums_above(rows, totals)
    wholes = [not is_total and _is_whole(row) for row, is_total in zip(rows, totals, strict=True)]
    if not any(wholes):
        return list(totals)
    width = max(len(row) for row in rows)
    parts = [not (a or b) for a, b in zip(wholes, totals, strict=True)]
    if not any(_adds_up(rows, wholes, parts, column) for column in range(width)):
        return list(totals)
    return [a or b for a, b in zip(wholes, totals, strict=True)]


def _mark_sums_above(rows: Sequence[Sequence[RawCell]], totals: Sequence[bool]) -> list[bool]:
    marked: list[bool] = []
    for index, row in enumerate(rows):
        is_named = any(isinstance(cell, str) and _TOTAL_OF.fullmatch(cell) for cell in row)
        marked.append(totals[index] or (is_named and _sums_above(rows, marked, index)))
    return marked


def _sums_above(rows: Sequence[Sequence[RawCell]], marked: Sequence[bool], index: int) -> bool:
    """Say whether the rows just above add up to this one in each of its figures."""
    wanted = [_value(cell) for cell in rows[index]]
    sums = [0.0] * len(wanted)
    for above in range(index - 1, -1, -1):
        if marked[above]:
            return False
        sums = [a + _value(cell) for a, cell in zip(sums, rows[above], strict=True)]
        if any(wanted) and all(
            abs(a - b) <= abs(a) * _TOLERANCE for a, b in zip(wanted, sums, strict=True)
        ):
            return True
    return False


def _is_whole(row: Sequence[RawCell]) -> bool:
    return any(isinstance(cell, str) and _WHOLE.fullmatch(cell) for cell in row)


def _adds_up(
    rows: Sequence[Sequence[RawCell]],
    wholes: Sequence[bool],
    parts: Sequence[bool],
    column: int,
) -> bool:
    whole = _sum(row[column] for row, is_in in zip(rows, wholes, strict=True) if is_in)
    part = _sum(row[column] for row, is_in in zip(rows, parts, strict=True) if is_in)
    return whole > 0 and abs(whole - part) <= whole * _TOLERANCE


def _sum(cells: Iterable[RawCell]) -> float:
    return sum(map(_value, cells))


def _value(cell: RawCell) -> float:
    if isinstance(cell, str):
        number = parse_number(cell)
        return 0.0 if number is None or number.is_percent else float(scaled(number))
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return float(cell.value) if is_number and not cell.is_percent else 0.0  # type: ignore[arg-type]  # checked above
