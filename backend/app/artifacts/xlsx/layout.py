"""Where everything of a workbook stands. Rows and columns are counted from 0.

A sheet reads from the top: title, note, headline figures, tables. Charts stand beside the tables,
or below them where the tables are wide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.artifacts.blocks import Formula, Kpi, Sheet, SheetChart, SheetTable, Workbook
from app.artifacts.citations import sources_title
from app.artifacts.xlsx.errors import WorkbookTooLargeError, WorkbookUnevenError
from app.artifacts.xlsx.names import column_names, sheet_names, table_names
from app.schemas.source import CellValue, TableColumn

FIRST_COLUMN = 1
TITLE_ROW = 1
KPIS_PER_ROW = 6
_MAX_ROWS = 1_048_000
_MAX_COLUMNS = 16_000
_MAX_POINTS = 32_000
CellContent = CellValue | Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTable:
    """A table's place. `columns` holds the calculated ones too, with the names of the file."""

    table: SheetTable
    name: str
    sheet_name: str
    columns: tuple[TableColumn, ...]
    title_row: int
    totals_row: int | None

    @property
    def header_row(self) -> int:
        """The row of the headers."""
        return self.title_row + 1

    @property
    def first_row(self) -> int:
        """The first row of data."""
        return self.title_row + 2

    @property
    def last_row(self) -> int:
        """The last row of data; an empty table has one empty row."""
        return self.first_row + max(len(self.table.rows), 1) - 1

    @property
    def end_row(self) -> int:
        """The last row, totals included."""
        return self.last_row if self.totals_row is None else self.totals_row

    @property
    def last_column(self) -> int:
        """The last column."""
        return FIRST_COLUMN + len(self.columns) - 1

    def rows(self) -> Iterator[tuple[CellContent, ...]]:
        """Yield the rows, short ones filled with empty cells."""
        for row in self.table.rows:
            yield (*row, *(None,) * (len(self.columns) - len(row)))

    def find_column(self, name: str) -> int | None:
        """Return the place of a column by the author's name, from 0."""
        authored = [column.name for column in (*self.table.columns, *self.table.calculated)]
        return authored.index(name) if name in authored else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedKpi:
    """A headline figure: the label's row, the value one below."""

    kpi: Kpi
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSheet:
    """A sheet's parts in their places."""

    sheet: Sheet
    name: str
    kpis: tuple[PlacedKpi, ...]
    tables: tuple[PlacedTable, ...]
    body_row: int
    """The first row below title, note and figures."""

    @property
    def note_row(self) -> int | None:
        """The row of the note, if there is one."""
        return TITLE_ROW + 1 if self.sheet.note else None

    @property
    def end_row(self) -> int:
        """The last row in use."""
        return max((table.end_row for table in self.tables), default=self.body_row - 1)

    @property
    def width(self) -> int:
        """The number of columns in use, the margin not counted."""
        widths = [len(table.columns) for table in self.tables]
        return max([*widths, min(len(self.kpis), KPIS_PER_ROW)], default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWorkbook:
    """All sheets, and the name of the sheet of sources, if there is one."""

    sheets: tuple[PlacedSheet, ...]
    sources_sheet: str | None

    @property
    def tables(self) -> tuple[PlacedTable, ...]:
        """All tables of all sheets."""
        return tuple(table for sheet in self.sheets for table in sheet.tables)

    def find_table(self, name: str, sheet: PlacedSheet) -> PlacedTable | None:
        """Return a table by the author's name; one of the same sheet comes first."""
        candidates = (*sheet.tables, *self.tables)
        return next((table for table in candidates if table.table.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartRange:
    """What a chart shows: one table, its category column, its value columns, how many rows."""

    table: PlacedTable
    category: int
    values: tuple[int, ...]
    points: int


def place_workbook(workbook: Workbook) -> PlacedWorkbook:
    """Decide names and places.

    Raises:
        WorkbookTooLargeError: a table does not fit on a sheet.
        WorkbookUnevenError: a row has more cells than its table has columns.
    """
    authored = [sheet.name for sheet in workbook.sheets]
    wanted = [*authored, sources_title(workbook.language)] if workbook.sources else authored
    names = sheet_names(wanted, workbook.language)
    tables = iter(table_names(table.name for sheet in workbook.sheets for table in sheet.tables))
    sheets = tuple(
        _place_sheet(sheet, name, tables, workbook)
        for sheet, name in zip(workbook.sheets, names, strict=False)
    )
    return PlacedWorkbook(sheets=sheets, sources_sheet=names[-1] if workbook.sources else None)


def chart_range(placed: PlacedWorkbook, sheet: PlacedSheet, chart: SheetChart) -> ChartRange | None:
    """Return what a chart shows; None where its table, a column or every row is missing."""
    table = placed.find_table(chart.table, sheet)
    if table is None or not table.table.rows:
        return None
    category = table.find_column(chart.category_column)
    found = [table.find_column(name) for name in chart.value_columns]
    values = tuple(place for place in found if place is not None)
    if category is None or not values or len(values) != len(found):
        return None
    points = min(len(table.table.rows), chart.max_points or _MAX_POINTS, _MAX_POINTS)
    return ChartRange(table=table, category=category, values=values, points=max(points, 1))


def author_columns(tables: Sequence[PlacedTable]) -> Mapping[str, Mapping[str, str]]:
    """Map each table's author's column names to those in the file, by the file's table name."""
    return {
        table.name: {
            authored.name: stored.name
            for authored, stored in zip(
                (*table.table.columns, *table.table.calculated), table.columns, strict=False
            )
        }
        for table in tables
    }


def _place_sheet(sheet: Sheet, name: str, names: Iterator[str], workbook: Workbook) -> PlacedSheet:
    row = TITLE_ROW + (3 if sheet.note else 2)
    kpis = tuple(_place_kpis(sheet.kpis, row))
    if kpis:
        row = kpis[-1].row + 3
    body_row = row
    tables = []
    for table in sheet.tables:
        placed = _place_table(table, next(names), name, row, workbook)
        tables.append(placed)
        row = placed.end_row + 3
    return PlacedSheet(sheet=sheet, name=name, kpis=kpis, tables=tuple(tables), body_row=body_row)


def _place_kpis(kpis: Sequence[Kpi], row: int) -> Iterator[PlacedKpi]:
    for place, kpi in enumerate(kpis):
        strip, column = divmod(place, KPIS_PER_ROW)
        yield PlacedKpi(kpi=kpi, row=row + strip * 3, column=FIRST_COLUMN + column)


def _place_table(
    table: SheetTable, name: str, sheet_name: str, row: int, workbook: Workbook
) -> PlacedTable:
    authored = (*table.columns, *table.calculated) or (TableColumn(name=""),)
    widest = max(map(len, table.rows), default=0)
    if widest > len(authored):
        raise WorkbookUnevenError(table.title or name, widest, len(authored))
    if len(table.rows) > _MAX_ROWS - row or len(authored) > _MAX_COLUMNS:
        raise WorkbookTooLargeError(table.title or name, len(table.rows), len(authored))
    headers = column_names((column.name for column in authored), workbook.language)
    columns = tuple(
        column.model_copy(update={"name": header})
        for column, header in zip(authored, headers, strict=True)
    )
    last_row = row + 2 + max(len(table.rows), 1) - 1
    return PlacedTable(
        table=table,
        name=name,
        sheet_name=sheet_name,
        columns=columns,
        title_row=row,
        totals_row=last_row + 1 if table.totals else None,
    )
