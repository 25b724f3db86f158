"""A workbook as data: typed tables, live formulas with their values, native charts."""

from datetime import date
from typing import Literal

from pydantic import Field

from app.artifacts.blocks.chart import ChartKind
from app.artifacts.blocks.text import Run
from app.schemas.base import Frozen
from app.schemas.source import CellValue, ColumnKind, Language, Source, TableColumn


class Formula(Frozen):
    """A live formula and the value it has now, so that viewers that do not calculate show it.

    `expression` starts with "=" and uses English function names and commas.
    """

    expression: str
    value: float | int | str


class SheetTable(Frozen):
    """An Excel table. `name` is its structured-reference name (ASCII letters, digits, underscore).

    `calculated` columns come after `columns`; each has one formula for all rows (structured
    references) and its values. `totals` gives the totals row's function by column name.
    """

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue | Formula, ...], ...]
    calculated: tuple[TableColumn, ...] = ()
    totals: dict[str, Literal["sum", "average", "min", "max", "count"]] = Field(
        default_factory=dict
    )
    source_ids: tuple[str, ...] = ()


class SheetChart(Frozen):
    """A native chart over columns of one table of the workbook."""

    kind: ChartKind
    title: str
    table: str
    category_column: str
    value_columns: tuple[str, ...]
    alt_text: str
    max_points: int | None = None


class Kpi(Frozen):
    """One headline figure; live where `value` is a formula."""

    label: str
    value: Formula | float | int | str
    kind: ColumnKind = ColumnKind.NUMBER
    unit: str | None = None
    decimals: int = 0
    source_ids: tuple[str, ...] = ()


class Sheet(Frozen):
    """One sheet, laid out from the top: title, note, figures, tables, charts beside the tables."""

    name: str
    title: str
    note: tuple[Run, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    tables: tuple[SheetTable, ...] = ()
    charts: tuple[SheetChart, ...] = ()


class Workbook(Frozen):
    """A workbook. A sources sheet is added by the renderer when `sources` is not empty."""

    title: str
    language: Language
    created_on: date
    sheets: tuple[Sheet, ...]
    sources: tuple[Source, ...] = ()
