"""What can be worked out of tables, on its own arithmetic, to compare sentences with.

For every numeric column: sum, mean, least, most and count, over all rows (totals left out), over
each category, each period, each category in each period, and each single row. From these: shares
of the whole (also of the three largest together), changes between periods, yearly growth.
"""

import bisect
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.periods import Period, parse_periods
from app.schemas.source import CellValue, ColumnKind, SourceTable
from app.sources import Quantity, is_total_row, quantities_in

_NUMERIC = frozenset(
    {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.CURRENCY}
)
_MOST_ROW_KEYS = 200
_ROW = "row "
_FIRST, _THREE = 1, 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table with what it is of: its categories and its period."""

    column: str
    value: float
    parts: tuple[str, ...]
    period: tuple[float, str] | None


class TableFigures:
    """All values that follow from some tables."""

    def __init__(self, tables: Iterable[SourceTable]) -> None:
        found = {abs(value) for table in tables for value in _figures(table)}
        self._values = sorted(value for value in found if math.isfinite(value))

    def bears_out(self, quantity: Quantity) -> bool:
        """Say whether a value rounds to the number as written: half a unit of its last digit."""
        exponent = quantity.mantissa.as_tuple().exponent
        assert isinstance(exponent, int)
        scale = float(quantity.scale) / (100 if quantity.is_percent else 1)
        wanted = float(quantity.mantissa) * scale
        slack = 10.0**exponent * scale * 0.5000001
        place = bisect.bisect_left(self._values, wanted - slack)
        return place < len(self._values) and self._values[place] <= wanted + slack

    def not_borne_out(self, text: str, unsupported: Sequence[str]) -> list[str]:
        """Return those of the numbers that no source holds, which no value rounds to."""
        wanted = [q for q in quantities_in(text) if q.written in set(unsupported)]
        return [q.written for q in wanted if not self.bears_out(q)]


def _figures(table: SourceTable) -> Iterator[float]:
    cells = list(_cells(table))
    for column in {cell.column for cell in cells}:
        yield from _of_column([cell for cell in cells if cell.column == column])


def _of_column(cells: Sequence[Cell]) -> Iterator[float]:
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    times: dict[str, float] = {}
    for cell in cells:
        spans = [""] if cell.period is None else ["", cell.period[1]]
        for part, span in itertools.product(["", *cell.parts], spans):
            groups[part, span].append(cell.value)
        if cell.period is not None:
            times[cell.period[1]] = cell.period[0]
    yield from (end(values) for values in groups.values() for end in (min, max))
    for combine in (math.fsum, _mean):
        combined = {key: combine(values) for key, values in groups.items()}
        yield from combined.values()
        yield from _shares(combined)
        yield from _changes(combined, times)
    yield from (float(len(values)) for values in groups.values())
    yield from (abs(a - b) for a, b in itertools.combinations([c.value for c in cells[:40]], 2))


def _shares(combined: dict[tuple[str, str], float]) -> Iterator[float]:
    by_span: dict[str, list[float]] = defaultdict(list)
    for (part, span), value in combined.items():
        # A row of its own stands for a category already: it must not count twice among the largest.
        if part and not part.startswith(_ROW) and combined.get(("", span)):
            by_span[span].append(value / combined["", span])
    for shares in by_span.values():
        yield from shares
        yield sum(sorted(shares)[-_THREE:])


def _changes(combined: dict[tuple[str, str], float], times: dict[str, float]) -> Iterator[float]:
    by_part: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (part, span), value in combined.items():
        if span:
            by_part[part].append((times[span], value))
    for points in by_part.values():
        for (start, old), (end, new) in itertools.permutations(points, 2):
            if end > start and old > 0:
                yield abs(new / old - _FIRST)
                yield abs((new / old) ** (1 / (end - start)) - _FIRST) if new > 0 else 0.0
            yield abs(new - old)


def _cells(table: SourceTable) -> Iterator[Cell]:
    rows = [row for row in table.rows if not is_total_row(row)]
    numeric = [i for i, c in enumerate(table.columns) if c.kind in _NUMERIC]
    wide = parse_periods([table.columns[i].name for i in numeric])
    spans = _spans(table, rows)
    for number, row in enumerate(rows):
        parts = [str(cell).casefold() for cell in row if isinstance(cell, str)]
        parts += [f"{_ROW}{number}"] if len(rows) <= _MOST_ROW_KEYS else []
        for place, index in enumerate(numeric):
            value = row[index]
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            for scale in {1.0, parse_unit(table.columns[index].unit).scale}:
                name = f"wide {scale}" if wide else f"{index} {scale}"
                for period in [wide[place]] if wide else spans[number]:
                    yield Cell(name, float(value) * scale, tuple(parts), _placed(period))


def _spans(
    table: SourceTable, rows: Sequence[Sequence[CellValue]]
) -> Sequence[Sequence[Period | None]]:
    """Return the periods of each row: as written, and its month and year."""
    for index, _ in enumerate(table.columns):
        found = parse_periods([row[index] for row in rows])
        if found:
            return [_coarser(period) for period in found]
    return [[None] for _ in rows]


def _coarser(period: Period) -> list[Period]:
    spans = [period]
    if period.grain == "day" and period.year is not None:
        spans.append(Period("month", period.year, period.part, period.label[:7]))
    if period.grain != "year" and period.year is not None:
        spans.append(Period("year", period.year, 0, str(period.year)))
    return spans


def _placed(period: Period | None) -> tuple[float, str] | None:
    if period is None:
        return None
    parts = {"half": 2, "quarter": 4, "month": 12, "day": 12}.get(period.grain, 1)
    place = (period.year or 0) + period.part / parts + period.day / 372
    return place, f"{period.grain} {period.label}"


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
