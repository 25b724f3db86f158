"""A chart by reference: the model names a table and columns, the values come from the table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from app.agents.llm.tables import Tables, column_indices, data_row_positions, unknown_columns
from app.agents.llm.wire import Answer
from app.artifacts.blocks import ChartKind, ChartSeries, ChartSpec
from app.artifacts.formatting import (
    NUMERIC_KINDS,
    format_cell,
    format_date,
    number_format_code,
)
from app.schemas.source import CellValue, ColumnKind, Language, SourceTable, TableColumn

MAX_CATEGORIES = 24
MAX_SLICES = 7
MAX_SERIES = 4
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
    """Build the chart, or None when its choice makes none."""
    table = tables.find(choice.table)
    if table is None:
        return None
    categories = column_indices(table, (choice.category_column,))
    values = [i for i in column_indices(table, choice.value_columns) if _is_numeric(table, i)]
    if not categories or not values:
        return None
    values = _of_one_kind(table, values)
    kind = _fitting_kind(ChartKind(choice.chart), table, values)
    rows = _shown_rows(table, categories[0], values, kind)
    if len(rows) < 2:
        return None
    labels = [_label(row[categories[0]], table.columns[categories[0]], tables) for row in rows]
    return ChartSpec(
        kind=kind,
        title=title,
        categories=tuple(labels),
        series=tuple(
            ChartSeries(name=table.columns[i].name, values=tuple(_number(r[i]) for r in rows))
            for i in values
        ),
        number_format=number_format_code(table.columns[values[0]]),
        unit=table.columns[values[0]].unit,
        alt_text=_alt_text(kind, table, (categories[0], values), labels, tables.language),
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


def _fitting_kind(kind: ChartKind, table: SourceTable, positions: Sequence[int]) -> ChartKind:
    """Turn a pie into columns where slices would lie: many series, negatives, many slices."""
    if kind is not ChartKind.PIE:
        return kind
    numbers = [n for row in table.rows if (n := _number(row[positions[0]])) is not None]
    rows = len(data_row_positions(table))
    is_pie = len(positions) == 1 and rows <= MAX_SLICES and min(numbers, default=-1) >= 0
    return kind if is_pie else ChartKind.COLUMN


def _shown_rows(
    table: SourceTable, category: int, values: Sequence[int], kind: ChartKind
) -> list[tuple[CellValue, ...]]:
    rows = [
        table.rows[i]
        for i in data_row_positions(table)
        if table.rows[i][category] not in (None, "")
        and any(_number(table.rows[i][v]) is not None for v in values)
    ]
    is_over_time = table.columns[category].kind in {ColumnKind.DATE, ColumnKind.YEAR}
    if is_over_time or kind is ChartKind.LINE:
        return rows[-MAX_CATEGORIES:]
    if len(rows) <= MAX_CATEGORIES:
        return rows
    ranked = sorted(rows, key=lambda row: -abs(_number(row[values[0]]) or 0.0))
    return ranked[:MAX_CATEGORIES]


def _label(value: CellValue, column: TableColumn, tables: Tables) -> str:
    if isinstance(value, date):
        return format_date(value, tables.language)
    return format_cell(value, column, tables.language)


def _number(value: CellValue) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) else None


def _alt_text(
    kind: ChartKind,
    table: SourceTable,
    axes: tuple[int, Sequence[int]],
    labels: Sequence[str],
    language: Language,
) -> str:
    return ALT_TEXT[language].format(
        kind=KIND_NAMES[language][kind.value],
        series=", ".join(table.columns[i].name for i in axes[1]),
        category=table.columns[axes[0]].name,
        count=len(labels),
        first=labels[0],
        last=labels[-1],
    )
