"""The shape in which a model designs a workbook: names and functions, never a value."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from app.agents.llm.wire import Answer

MAX_SHEETS = 10


class SummaryAnswer(Answer):
    """A table grouped by a column."""

    group_column: str = Field(max_length=200)
    value_column: str = Field(max_length=200)
    function: Literal["sum", "average", "count", "min", "max"]


class CalculatedAnswer(Answer):
    """A calculated column; `second_column` is for difference and ratio only, else null."""

    kind: Literal["share", "change", "difference", "ratio"]
    column: str = Field(max_length=200)
    second_column: str | None = Field(max_length=200)
    name: str = Field(max_length=80)


class TotalAnswer(Answer):
    """A column in the totals row."""

    column: str = Field(max_length=200)
    function: Literal["sum", "average", "min", "max", "count"]


class SheetChartAnswer(Answer):
    """A chart of the sheet's table, or of its summary of that number, from 1."""

    summary: int | None
    chart: Literal["column", "bar", "line", "pie"]
    title: str = Field(min_length=1, max_length=140)
    category_column: str = Field(max_length=200)
    value_columns: tuple[str, ...] = Field(max_length=4)


class KpiChoice(Answer):
    """A headline figure."""

    label: str = Field(max_length=60)
    column: str = Field(max_length=200)
    function: Literal["sum", "average", "count", "min", "max"]


class SheetAnswer(Answer):
    """A sheet about one table."""

    table: str = Field(max_length=8)
    name: str = Field(min_length=1, max_length=31)
    title: str = Field(min_length=1, max_length=140)
    note: str = Field(max_length=600)
    columns: tuple[str, ...] = Field(max_length=40)
    kpis: tuple[KpiChoice, ...] = Field(max_length=6)
    summaries: tuple[SummaryAnswer, ...] = Field(max_length=4)
    calculated: tuple[CalculatedAnswer, ...] = Field(max_length=4)
    totals: tuple[TotalAnswer, ...] = Field(max_length=12)
    charts: tuple[SheetChartAnswer, ...] = Field(max_length=4)


class WorkbookAnswer(Answer):
    """A workbook."""

    title: str = Field(min_length=1, max_length=160)
    sheets: tuple[SheetAnswer, ...] = Field(min_length=1, max_length=MAX_SHEETS)


def named_columns(sheet: SheetAnswer) -> Iterator[str]:
    """Yield the names of the table's columns that a sheet uses, apart from its charts."""
    yield from sheet.columns
    yield from (kpi.column for kpi in sheet.kpis)
    yield from (total.column for total in sheet.totals)
    yield from (name for s in sheet.summaries for name in (s.group_column, s.value_column))
    yield from (c.column for c in sheet.calculated)


def plain_sheet(table: str, title: str) -> SheetAnswer:
    """Return the choice of a table as it is."""
    return SheetAnswer(
        table=table,
        name=title[:31],
        title=title,
        note="",
        columns=(),
        kpis=(),
        summaries=(),
        calculated=(),
        totals=(),
        charts=(),
    )
