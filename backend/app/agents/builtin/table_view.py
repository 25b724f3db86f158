"""A table as an analyst sees it: what is measured, over what time, for which categories."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.agents.builtin.column_roles import (
    NUMERIC,
    Aggregation,
    Measure,
    column_values,
    data_rows,
    find_categories,
    find_label,
    find_measures,
    find_time_column,
    is_about_people,
    is_number,
)
from app.agents.builtin.periods import Period, parse_period, parse_periods
from app.schemas.source import CellValue, ColumnKind, SourceTable

_OWN_MEASURE = re.compile(
    r"\b(?:revenues?|sales|costs?|expenses?|profit|income|margin|ebitda?|cash|tax|headcount)\b"
    r"|매출|비용|원가|이익|손실|마진|세금|현금|[가-힣]율|[가-힣]률",
    re.IGNORECASE,
)

_MANY_DAYS, _MANY_MONTHS = 14, 36


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series: at a period, from these rows."""

    period: Period
    value: float
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a breakdown: of a category, from these rows."""

    label: str
    value: float
    rows: tuple[int, ...]


class TableView:
    """Roles of a table's columns, and the sums and averages that make sense of it."""

    def __init__(self, table: SourceTable) -> None:
        self.table = table
        self.rows = data_rows(table)
        self.time = find_time_column(table, self.rows)
        self.measures = find_measures(table, self.rows, self.time)
        self.categories = find_categories(table, self.rows, self.time)
        self.label = find_label(table, self.rows, self.time)

    @property
    def is_of_people(self) -> bool:
        """Whether each row is one person."""
        return is_about_people(self.table, self.rows)

    @cached_property
    def wide(self) -> tuple[tuple[int, Period], ...]:
        """The columns that are periods ("2023", "2024", ...), where rows name what is measured."""
        named = [
            (index, period)
            for index, column in enumerate(self.table.columns)
            if column.kind in NUMERIC and (period := parse_period(column.name)) is not None
        ]
        grains = {period.grain for _, period in named}
        enough = len(named) >= 2 and len(grains) == 1 and self.time is None
        return tuple(named) if enough and self.row_label is not None else ()

    @cached_property
    def row_label(self) -> int | None:
        """The column that names rows: the label, else the first category."""
        return self.label if self.label is not None else next(iter(self.categories), None)

    @cached_property
    def rows_are_measures(self) -> bool:
        """Whether the rows of a wide table are different measures (revenue, cost, profit)."""
        if not self.wide or self.row_label is None:
            return False
        names = [str(v) for v in column_values(self.table, self.rows, self.row_label)]
        return sum(bool(_OWN_MEASURE.search(name)) for name in names) >= 2

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The period of each data row, empty when the table has no time column."""
        if self.time is None:
            return ()
        periods = parse_periods(column_values(self.table, self.rows, self.time)) or ()
        return periods if self.has_exact_periods else coarsened(periods)

    @cached_property
    def has_exact_periods(self) -> bool:
        """Whether a period is one cell value, not a span of days."""
        return self.time is not None and self.table.columns[self.time].kind is not ColumnKind.DATE

    @cached_property
    def rows_are_records(self) -> bool:
        """Whether rows are single observations, whose plain average is one of them all.

        Rows that sum up groups (a region in a year) are not: the average of their averages
        would leave out how large each group is.
        """
        if self.is_of_people:
            return True
        keys = [self._group_key(row) for row in self.rows]
        return len(set(keys)) < len(keys) * 0.7

    def _group_key(self, row: int) -> tuple[CellValue, ...]:
        columns = [*([self.time] if self.time is not None else []), *self.categories]
        if self.label is not None:
            columns.append(self.label)
        return tuple(self.table.rows[row][column] for column in columns)

    @cached_property
    def is_one_row_per_period(self) -> bool:
        """Whether each period has exactly one row."""
        return bool(self.periods) and len({p.order for p in self.periods}) == len(self.periods)

    def number(self, row: int, index: int) -> float | None:
        """Return a numeric cell, None when it is none."""
        cell: CellValue = self.table.rows[row][index]
        return cell if is_number(cell) and isinstance(cell, int | float) else None

    def series(self, measure: Measure, rows: Sequence[int] | None = None) -> tuple[Point, ...]:
        """Return the measure over time, combined within each period, in order of time.

        A period with an empty cell has no sum: what is missing is not nothing.
        """
        chosen = set(self.rows if rows is None else rows)
        groups: dict[tuple[int, int, int], tuple[Period, list[int]]] = {}
        for row, period in zip(self.rows, self.periods, strict=False):
            if row in chosen:
                groups.setdefault(period.order, (period, []))[1].append(row)
        return tuple(
            Point(period, self._combine(found, measure), tuple(found))
            for _, (period, group) in sorted(groups.items())
            if self.can_be_combined(measure, group) and (found := self._filled(group, measure))
        )

    def can_be_combined(self, measure: Measure, rows: Sequence[int]) -> bool:
        """Whether the rows give the measure a value: a sum needs every cell, an average some."""
        filled = self._filled(rows, measure)
        needs_all = measure.aggregation is not Aggregation.MEAN
        return bool(filled) and (len(filled) == len(rows) or not needs_all)

    def empty_cells(self, measure: Measure) -> int:
        """Return how many data rows have no number for a measure that is summed."""
        if measure.aggregation is Aggregation.MEAN:
            return 0
        return len(self.rows) - len(self._filled(self.rows, measure))

    def _filled(self, rows: Iterable[int], measure: Measure) -> list[int]:
        return [row for row in rows if self.number(row, measure.index) is not None]

    def wide_series(self, rows: Sequence[int]) -> tuple[Point, ...]:
        """Return the sum (or the average) of the given rows over the period columns."""
        points = []
        for index, period in sorted(self.wide, key=lambda pair: pair[1].order):
            values = [v for row in rows if (v := self.number(row, index)) is not None]
            if len(values) == len(rows) and values:
                points.append(Point(period, self._combined(values, index), tuple(rows)))
        return tuple(points)

    def breakdown(
        self, measure: Measure, by: int, rows: Sequence[int] | None = None
    ) -> tuple[Slice, ...]:
        """Return the measure for each category, largest first."""
        groups: dict[str, list[int]] = {}
        for row in self.rows if rows is None else rows:
            label = self.table.rows[row][by]
            if label not in (None, "") and self.number(row, measure.index) is not None:
                groups.setdefault(str(label).casefold(), []).append(row)
        slices = [
            Slice(str(self.table.rows[r[0]][by]), self._combine(r, measure), tuple(r))
            for r in groups.values()
        ]
        return tuple(sorted(slices, key=lambda s: (-s.value, s.label)))

    def rows_of(self, period: Period) -> tuple[int, ...]:
        """Return the data rows of one period."""
        pairs = zip(self.rows, self.periods, strict=False)
        return tuple(row for row, own in pairs if own.order == period.order)

    def measure_at(self, index: int) -> Measure | None:
        """Return the measure in a column."""
        return next((m for m in self.measures if m.index == index), None)

    def _combine(self, rows: Iterable[int], measure: Measure) -> float:
        values = [v for row in rows if (v := self.number(row, measure.index)) is not None]
        return combine(values, measure.aggregation)

    def _combined(self, values: Sequence[float], index: int) -> float:
        measure = self.measure_at(index)
        return combine(values, measure.aggregation if measure else Aggregation.MEAN)


def coarsened(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """Gather many days into months, and many months into years, for a readable series."""
    if periods and periods[0].grain == "day" and len({p.order for p in periods}) > _MANY_DAYS:
        periods = tuple(Period("month", p.year, p.part, p.label[:7]) for p in periods)
    is_months = bool(periods) and periods[0].grain == "month" and periods[0].year is not None
    if is_months and len({p.order for p in periods}) > _MANY_MONTHS:
        return tuple(Period("year", p.year, 0, str(p.year)) for p in periods)
    return periods


def combine(values: Sequence[float], aggregation: Aggregation) -> float:
    """Add the values up, or average them, without rounding errors piling up."""
    total = math.fsum(values)
    return total / len(values) if aggregation is Aggregation.MEAN else total
