"""How wide columns must be, in characters of the default font; Hangul counts double."""

import math
from collections.abc import Iterator, Mapping

from app.artifacts.blocks import Formula, Workbook
from app.artifacts.formatting import format_cell
from app.artifacts.text_width import em_width, line_count
from app.artifacts.xlsx.layout import FIRST_COLUMN, CellContent, PlacedSheet, PlacedTable
from app.artifacts.xlsx.styles import BODY_SIZE, KPI_SIZE
from app.artifacts.xlsx.values import as_number
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

MARGIN_WIDTH = 2.5
_LEAST, _LEAST_LEADING, _MOST = 10.0, 13.0, 46.0
_PADDING = 4.0
_SAMPLED_ROWS = 1_000
_EM_PER_CHARACTER = 0.52
_HEADER_LINES = 2


def characters(text: str) -> float:
    """Return the width of text in characters of the default font."""
    return em_width(text) / _EM_PER_CHARACTER


def column_widths(placed: PlacedSheet, workbook: Workbook) -> Mapping[int, float]:
    """Return the width of every column in use, by its number."""
    widths: dict[int, float] = {}
    for column, width in _wishes(placed, workbook.language):
        least = _LEAST_LEADING if column == FIRST_COLUMN or placed.kpis else _LEAST
        widths[column] = max(widths.get(column, least), min(width, _MOST))
    return widths


def wrapped_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width."""
    return line_count(text, max((width - 2.5) * _EM_PER_CHARACTER, 2.0))


def _wishes(placed: PlacedSheet, language: Language) -> Iterator[tuple[int, float]]:
    for kpi in placed.kpis:
        column = TableColumn(
            name="", kind=kpi.kpi.kind, unit=kpi.kpi.unit, decimals=kpi.kpi.decimals
        )
        value = kpi.kpi.value.value if isinstance(kpi.kpi.value, Formula) else kpi.kpi.value
        shown = format_cell(value, column, language, with_unit=True)
        yield kpi.column, characters(shown) * KPI_SIZE / BODY_SIZE + 3
        yield kpi.column, characters(kpi.kpi.label) / _HEADER_LINES + 3
    for table in placed.tables:
        for place, column in enumerate(table.columns):
            yield FIRST_COLUMN + place, _table_width(table, place, column, language)


def _table_width(table: PlacedTable, place: int, column: TableColumn, language: Language) -> float:
    header = characters(column.name) + 5
    if header > _MOST / 2:
        header = header / _HEADER_LINES + 3
    contents = _column_contents(table, place)
    if column.kind is ColumnKind.TEXT:
        return max(header, _widest(contents[:: _step(contents)], column, language) + _PADDING)
    figures = [value for value in contents if as_number(value) is not None]
    texts = [value for value in contents if isinstance(value, str)][:_SAMPLED_ROWS]
    extremes = _extremes(figures, column, table)
    return max(header, _widest([*extremes, *texts], column, language) + _PADDING)


def _column_contents(table: PlacedTable, place: int) -> list[CellValue]:
    return [plain_value(row[place]) for row in table.table.rows if place < len(row)]


def plain_value(content: CellContent) -> CellValue:
    """Return a cell's value, a formula's value for a formula."""
    return content.value if isinstance(content, Formula) else content


def _extremes(figures: list[CellValue], column: TableColumn, table: PlacedTable) -> list[CellValue]:
    numbers = [number for number in map(as_number, figures) if number is not None]
    numbers = [number for number in numbers if math.isfinite(number)]
    if not numbers or column.kind is ColumnKind.DATE:
        return figures[:1]
    total = math.fsum(numbers) if table.table.totals else 0.0
    return [min(numbers), max(numbers), total]


def _step(contents: list[CellValue]) -> int:
    return max(1, len(contents) // _SAMPLED_ROWS)


def _widest(values: list[CellValue], column: TableColumn, language: Language) -> float:
    shown = (format_cell(value, column, language, with_unit=True) for value in values)
    return max((characters(max(text.split("\n"), key=len)) for text in shown), default=0.0)
