"""What follows from a table by plain arithmetic: totals, means, groups, shares, changes.

These are the figures that an honest author computes; a number among them counts as traced.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from operator import itemgetter

from app.schemas.source import CellValue, ColumnKind, SourceTable
from app.sources import is_total_row

# Longer tables are not grouped here: an analysis of them is made when a number asks for it.
MAX_GROUPED_ROWS = 20_000
MAX_GROUPS = 200
PER_CENT = 100.0
_LABELS = frozenset({ColumnKind.TEXT, ColumnKind.YEAR, ColumnKind.DATE})

Row = tuple[CellValue, ...]
Key = Callable[[Row], object]


def derived_numbers(table: SourceTable) -> tuple[set[float], set[float]]:
    """Return the plain numbers and the percentages (as "39" for 39%) that follow from a table."""
    rows = [row for row in table.rows if not is_total_row(row)]
    plain: set[float] = {float(len(rows))}
    percents: set[float] = set()
    keys = list(_keys(table)) if len(rows) <= MAX_GROUPED_ROWS else []
    plain |= {float(len({key(row) for row in rows})) for key in keys}
    for place, column in enumerate(table.columns):
        if column.kind in _LABELS:
            continue
        factor = PER_CENT if column.kind is ColumnKind.PERCENT else 1.0
        values = [(row, n * factor) for row in rows if (n := _number(row[place])) is not None]
        for group in _groups(values, keys):
            plain |= _summaries(group)
        for series in _series(values, keys):
            plain |= {abs(later - first) for first, later in pairwise(series)}
            percents |= set(_relations(series))
    for row in rows[:MAX_GROUPS]:
        numbers = [number for cell in row if (number := _number(cell)) is not None]
        percents |= set(_relations(numbers))
    return plain, percents | plain


def _keys(table: SourceTable) -> Iterator[Key]:
    """Yield the ways to group rows: by each label, and dates also by year, quarter and month."""
    for place, column in enumerate(table.columns):
        if column.kind in _LABELS:
            yield itemgetter(place)
        if column.kind is ColumnKind.DATE:
            yield from (partial(_part, place, months) for months in (12, 3, 1))


def _part(place: int, months: int, row: Row) -> object:
    cell = row[place]
    return (cell.year, (cell.month - 1) // months) if isinstance(cell, date) else None


def _grouped(values: Sequence[tuple[Row, float]], key: Key) -> list[list[float]]:
    groups: dict[object, list[float]] = {}
    for row, value in values:
        groups.setdefault(key(row), []).append(value)
    return list(groups.values()) if 1 < len(groups) <= MAX_GROUPS else []


def _groups(values: Sequence[tuple[Row, float]], keys: Sequence[Key]) -> Iterator[list[float]]:
    yield [value for _, value in values]
    for key in keys:
        yield from _grouped(values, key)


def _series(values: Sequence[tuple[Row, float]], keys: Sequence[Key]) -> Iterator[list[float]]:
    """Yield rows in order, and the totals and means of groups in order."""
    if len(values) <= MAX_GROUPS:
        yield [value for _, value in values]
    for key in keys:
        groups = _grouped(values, key)
        if groups:
            yield [math.fsum(group) for group in groups]
            yield [math.fsum(group) / len(group) for group in groups]


def _number(cell: CellValue) -> float | None:
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        return None
    return float(cell) if math.isfinite(cell) else None


def _summaries(numbers: Sequence[float]) -> set[float]:
    if not numbers:
        return set()
    total = math.fsum(numbers)
    return {total, total / len(numbers), min(numbers), max(numbers), float(len(numbers))}


def _relations(numbers: Sequence[float]) -> Iterator[float]:
    """Yield shares of the total, and changes from each to the next and from first to last."""
    total = math.fsum(numbers)
    if total:
        yield from (PER_CENT * number / total for number in numbers)
    steps = [*pairwise(numbers), *([(numbers[0], numbers[-1])] if len(numbers) > 2 else [])]
    for first, later in steps:
        if first:
            yield abs(PER_CENT * (later - first) / first)
