"""The figures of a deliverable by name: headline figures, and cells by row and column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.artifacts.blocks import (
    ChartSlide,
    ChartSpec,
    Deck,
    Document,
    Figure,
    Formula,
    SheetTable,
    Table,
    TableSlide,
    Workbook,
)
from app.artifacts.formatting import format_cell
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

Number = int | float
HEADLINES = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A named figure: `shown` as it is printed; `value` exact, None where only the print is known.

    `column` is empty for a headline figure.
    """

    row: str
    column: str
    shown: str
    value: Number | None = None
    is_fraction: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells that stand together; `title` is empty for headline figures."""

    title: str
    cells: tuple[Cell, ...]


def document_grids(document: Document) -> Iterator[Grid]:
    """Yield a document's tables and charts."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield _table(block.caption, block.columns, block.rows, document.language)
        elif isinstance(block, Figure):
            yield _chart(block.chart)


def deck_grids(deck: Deck) -> Iterator[Grid]:
    """Yield a deck's tables, charts and headline figures."""
    for slide in deck.slides:
        if isinstance(slide, TableSlide):
            yield _table(slide.title, slide.columns, slide.rows, deck.language)
        elif isinstance(slide, ChartSlide):
            yield _chart(slide.chart)
            cells = (Cell(row=kpi.label, column=HEADLINES, shown=kpi.value) for kpi in slide.kpis)
            yield Grid(title="", cells=tuple(cells))


def workbook_grids(book: Workbook) -> Iterator[Grid]:
    """Yield a workbook's tables with their computed columns, and its headline figures."""
    for sheet in book.sheets:
        for table in sheet.tables:
            yield _sheet_table(table, book.language)
        cells = (
            _cell(
                kpi.label,
                TableColumn(name=HEADLINES, kind=kpi.kind, unit=kpi.unit, decimals=kpi.decimals),
                _plain(kpi.value),
                book.language,
            )
            for kpi in sheet.kpis
        )
        yield Grid(title="", cells=tuple(cell for cell in cells if cell is not None))


def _sheet_table(table: SheetTable, language: Language) -> Grid:
    rows = [tuple(_plain(cell) for cell in row) for row in table.rows]
    return _table(table.title, (*table.columns, *table.calculated), rows, language)


def _plain(cell: CellValue | Formula) -> CellValue:
    return cell.value if isinstance(cell, Formula) else cell


def _table(
    title: str,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[CellValue]],
    language: Language,
) -> Grid:
    labels = [i for i, c in enumerate(columns) if c.kind in _LABEL_KINDS]
    cells: list[Cell] = []
    for row in rows:
        name = " · ".join(str(row[i]) for i in labels if i < len(row) and row[i] is not None)
        pairs = zip(columns, row, strict=False)
        found = (_cell(name, column, value, language) for column, value in pairs)
        cells += [cell for cell in found if cell is not None]
    return Grid(title=title, cells=tuple(cells))


def _cell(row: str, column: TableColumn, value: CellValue, language: Language) -> Cell | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if column.kind in _LABEL_KINDS:
        return None
    return Cell(
        row=row,
        column=column.name,
        shown=format_cell(value, column, language, with_unit=True),
        value=value,
        is_fraction=column.kind is ColumnKind.PERCENT,
        unit=column.unit or "",
    )


def _chart(chart: ChartSpec) -> Grid:
    cells = [
        Cell(row=category, column=series.name, shown=str(value), value=value)
        for series in chart.series
        for category, value in zip(chart.categories, series.values, strict=True)
        if value is not None
    ]
    return Grid(title=chart.title, cells=tuple(cells))


_LABEL_KINDS = frozenset({ColumnKind.TEXT, ColumnKind.DATE, ColumnKind.YEAR})
