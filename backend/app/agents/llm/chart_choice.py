"""A chart by reference: the model names a table and columns, the values come from the table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from app.agents.llm.sheet_columns import Function, SheetSource, combined, number, result_column
from app.agents.llm.sheet_formulas import FUNCTION_NAMES
from app.agents.llm.tables import Tables, column_indices, unknown_columns
from app.agents.llm.wire import Answer
from app.artifacts.blocks import ChartKind, ChartSeries, ChartSpec
from app.artifacts.formatting import (
    NUMERIC_KINDS,
    format_cell,
    format_date,
    number_format_code,
)
from app.schemas.source import CellValue, ColumnKind, Language, SourceTable

MAX_CATEGORIES = 24
MAX_SLICES = 7
MAX_SERIES = 4
Point = tuple[CellValue, tuple[float | None, ...]]
ALT_TEXT = {
    "en": "{kind} chart of {series} by {category}, {count} values from {first} to {last}.",
    "ko": "{category}별 {series} {kind} 차트, {first}부터 {last}까지 값 {count}개.",
}
KIND_NAMES = {
    "en": {"column": "Column", "bar": "Bar", "line": "Line", "pie": "Pie"},
    "ko": {"column": "세로 막대", "bar": "가로 막대", "line": "선", "pie": "원형"},
}


class ChartChoice(Answer):
    """A chart over columns of one table."""

    table: str = Field(description="Reference of the table, such as T1.", max_length=8)
    chart: Literal["column", "bar", "line", "pie"]
    category_column: str = Field(max_length=200)
    value_columns: tuple[str, ...] = Field(min_length=1, max_length=MAX_SERIES)


def chart_problems(choices: Iterable[ChartChoice], tables: Tables) -> tuple[str, ...]:
    """Say which charts name tables or columns that are not there."""
    problems: list[str] = []
    for choice in choices:
        table = tables.find(choice.table)
        if table is None:
            problems.append(f"There is no table {choice.table!r}.")
            continue
        names = (choice.category_column, *choice.value_columns)
        problems += [
            f"Table {choice.table} has no column {name!r}; it has "
            f"{', '.join(repr(c.name) for c in table.columns)}."
            for name in unknown_columns(table, names)
        ]
        if not any(_is_numeric(table, i) for i in column_indices(table, choice.value_columns)):
            problems.append(f"The value columns of the chart of {choice.table} hold no numbers.")
    return tuple(problems)


def chart_of(choice: ChartChoice, title: str, tables: Tables) -> ChartSpec | None:
    """Build the chart, or None when its choice makes none.

    Rows that share a category are combined: amounts added, rates and prices averaged.
    """
    table = tables.find(choice.table)
    if table is None:
        return None
    categories = column_indices(table, (choice.category_column,))
    values = [i for i in column_indices(table, choice.value_columns) if _is_numeric(table, i)]
    values = [i for i in values if i not in categories]
    if not categories or not values:
        return None
    drawn = _Drawn(table, categories[0], _of_one_kind(table, values), tables.language)
    if len(drawn.points) < 2:
        return None
    kind = drawn.fitting_kind(ChartKind(choice.chart))
    points = drawn.shown_points(kind)
    first = table.columns[drawn.values[0]]
    return ChartSpec(
        kind=kind,
        title=title,
        categories=tuple(drawn.label(category) for category, _ in points),
        series=tuple(
            ChartSeries(name=name, values=tuple(numbers[place] for _, numbers in points))
            for place, name in enumerate(drawn.series_names)
        ),
        number_format=drawn.number_format,
        unit=None if first.kind is ColumnKind.PERCENT else first.unit,
        alt_text=drawn.alt_text(kind, [drawn.label(category) for category, _ in points]),
    )


class _Drawn:
    """The points of a chart: one a category, rows of one category combined."""

    def __init__(
        self, table: SourceTable, category: int, values: Sequence[int], language: Language
    ) -> None:
        self.table = table
        self.category = category
        self.values = values
        self.language: Language = language
        self.source = SheetSource(table, (), "")
        self._rows = self._grouped_rows()
        self.is_combined = any(len(rows) > 1 for rows in self._rows.values())
        self._functions = [self._function(place) for place in values]
        self.points = [(key, self._numbers(rows)) for key, rows in self._rows.items()]

    @property
    def is_over_time(self) -> bool:
        """Whether the categories are times, to be kept in order."""
        return self.table.columns[self.category].kind in {ColumnKind.DATE, ColumnKind.YEAR}

    @property
    def series_names(self) -> list[str]:
        """What each series shows: "Orders", or "Total Orders" when rows were combined."""
        names = [self.table.columns[place].name for place in self.values]
        if not self.is_combined:
            return names
        words = FUNCTION_NAMES[self.language]
        pairs = zip(self._functions, names, strict=True)
        return [words[function].format(name=name) for function, name in pairs]

    @property
    def number_format(self) -> str:
        """The Excel format of the values; averages keep a decimal."""
        function: Function = self._functions[0] if self.is_combined else "sum"
        return number_format_code(result_column(self.table.columns[self.values[0]], "", function))

    def fitting_kind(self, kind: ChartKind) -> ChartKind:
        """Turn a pie into columns where slices would lie: series, negatives, many slices."""
        if kind is not ChartKind.PIE:
            return kind
        numbers = [numbers[0] for _, numbers in self.points]
        is_whole = all(number is not None and number >= 0 for number in numbers)
        is_pie = len(self.values) == 1 and len(self.points) <= MAX_SLICES and is_whole
        return kind if is_pie and self._functions[0] == "sum" else ChartKind.COLUMN

    def shown_points(self, kind: ChartKind) -> list[Point]:
        """Return the points that fit: the last ones over time, else the largest."""
        if self.is_over_time:
            ordered = sorted(self.points, key=lambda point: str(point[0]))
            return ordered[-MAX_CATEGORIES:]
        if kind is ChartKind.LINE:
            return self.points[-MAX_CATEGORIES:]
        if len(self.points) <= MAX_CATEGORIES:
            return self.points
        return sorted(self.points, key=lambda p: -abs(p[1][0] or 0.0))[:MAX_CATEGORIES]

    def label(self, category: CellValue) -> str:
        """Show a category."""
        if isinstance(category, date):
            return format_date(category, self.language)
        return format_cell(category, self.table.columns[self.category], self.language)

    def alt_text(self, kind: ChartKind, labels: Sequence[str]) -> str:
        """Say in words what the chart shows."""
        return ALT_TEXT[self.language].format(
            kind=KIND_NAMES[self.language][kind.value],
            series=", ".join(self.series_names),
            category=self.table.columns[self.category].name,
            count=len(labels),
            first=labels[0],
            last=labels[-1],
        )

    def _grouped_rows(self) -> dict[CellValue, list[tuple[CellValue, ...]]]:
        groups: dict[CellValue, list[tuple[CellValue, ...]]] = {}
        for row in self.source.rows:
            has_number = any(number(row[place]) is not None for place in self.values)
            if row[self.category] not in (None, "") and has_number:
                groups.setdefault(row[self.category], []).append(row)
        return groups

    def _function(self, place: int) -> Function:
        column = self.source.number_column(self.table.columns[place].name)
        return self.source.function("sum", column, self.category) if column else "average"

    def _numbers(self, rows: Sequence[tuple[CellValue, ...]]) -> tuple[float | None, ...]:
        found = [
            [n for row in rows if (n := number(row[place])) is not None] for place in self.values
        ]
        return tuple(
            combined(function, numbers) if numbers else None
            for function, numbers in zip(self._functions, found, strict=True)
        )


def _is_numeric(table: SourceTable, position: int) -> bool:
    return table.columns[position].kind in NUMERIC_KINDS


def _of_one_kind(table: SourceTable, positions: Sequence[int]) -> list[int]:
    """Keep the columns that share the first one's type and unit: one axis, one meaning."""
    first = table.columns[positions[0]]
    is_percent = first.kind is ColumnKind.PERCENT
    return [
        i
        for i in positions
        if table.columns[i].unit == first.unit
        and (table.columns[i].kind is ColumnKind.PERCENT) == is_percent
    ][:MAX_SERIES]
