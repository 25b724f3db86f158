"""Checks of cells: every value is there, as its own type, without errors."""

import math
import re
from collections.abc import Iterator
from datetime import date

from openpyxl.utils.cell import get_column_letter

from app.artifacts.blocks import Formula
from app.artifacts.characters import describe_characters, uncovered_characters
from app.artifacts.formatting import NUMERIC_KINDS
from app.artifacts.xlsx.layout import (
    FIRST_COLUMN,
    CellContent,
    PlacedSheet,
    PlacedTable,
    PlacedWorkbook,
)
from app.artifacts.xlsx.read import ReadSheet, ReadWorkbook
from app.artifacts.xlsx.totals import column_totals
from app.artifacts.xlsx.values import as_datetime, cell_format_code, stored_value
from app.artifacts.xlsx.widths import plain_value
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

_NUMBER_TEXT = re.compile(r"[-+]?[\d,]*\d(\.\d+)?%?")
_TOLERANCE = 1e-9


def address(sheet: str, row: int, column: int) -> str:
    """Write a cell's address, counted from 1."""
    return f"{sheet}!{get_column_letter(column)}{row}"


def are_close(left: CellValue, right: CellValue) -> bool:
    """Whether two cell values are the same, numbers within the precision of a file."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return math.isclose(left, right, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    if isinstance(left, date) and isinstance(right, date):
        return as_datetime(left) == as_datetime(right)
    return left == right


def cell_problems(file: ReadWorkbook, placed: PlacedWorkbook, language: Language) -> Iterator[str]:
    """Yield the cells that do not hold what the blocks say, or hold it as another type."""
    for sheet in placed.sheets:
        read = file.sheets[sheet.name]
        yield from _kpi_problems(read, sheet)
        for table in sheet.tables:
            yield from _header_problems(read, table)
            for place, column in enumerate(table.columns):
                yield from _column_problems(read, table, place, column)
            yield from _format_problems(read, table, language)
            yield from _total_problems(read, table)


def error_problems(file: ReadWorkbook) -> Iterator[str]:
    """Yield the cells that show an error value."""
    for sheet in file.sheets.values():
        for (row, column), code in sheet.errors.items():
            yield f"{address(sheet.name, row, column)} shows {code}"


def glyph_problems(file: ReadWorkbook) -> Iterator[str]:
    """Yield the cells with characters that no font shows."""
    for sheet in file.sheets.values():
        for row, column, text in sheet.texts():
            missing = uncovered_characters(text)
            if missing:
                place = address(sheet.name, row, column)
                yield f"{place} has characters without a glyph: {describe_characters(missing)}"


def _kpi_problems(read: ReadSheet, sheet: PlacedSheet) -> Iterator[str]:
    for kpi in sheet.kpis:
        yield from _content_problems(read, (kpi.row + 2, kpi.column + 1), kpi.kpi.value)


def _header_problems(read: ReadSheet, table: PlacedTable) -> Iterator[str]:
    for place, column in enumerate(table.columns):
        found = read.value(table.header_row + 1, FIRST_COLUMN + place + 1)
        if found != column.name:
            yield f"the table {table.name} has the header {found!r} instead of {column.name!r}"


def _column_problems(
    read: ReadSheet, table: PlacedTable, place: int, column: TableColumn
) -> Iterator[str]:
    is_numeric = column.kind in NUMERIC_KINDS
    for row, contents in enumerate(table.table.rows, start=table.first_row + 1):
        cell = (row, FIRST_COLUMN + place + 1)
        content = contents[place] if place < len(contents) else None
        yield from _content_problems(read, cell, content)
        found = read.value(*cell)
        if is_numeric and isinstance(found, str) and _NUMBER_TEXT.fullmatch(found.strip()):
            yield f"{address(read.name, *cell)} holds the number {found!r} as text"


def _content_problems(
    read: ReadSheet, cell: tuple[int, int], content: CellContent
) -> Iterator[str]:
    expected, found = stored_value(plain_value(content)), read.value(*cell)
    if not are_close(found or None if found == "" else found, expected):
        yield f"{address(read.name, *cell)} holds {found!r} instead of {expected!r}"
    if isinstance(content, Formula) and cell not in read.formulas:
        yield f"{address(read.name, *cell)} has lost its formula {content.expression!r}"


def _format_problems(read: ReadSheet, table: PlacedTable, language: Language) -> Iterator[str]:
    for place, column in enumerate(table.columns):
        expected = cell_format_code(column, language)
        for row in _sampled_rows(table):
            cell = (row, FIRST_COLUMN + place + 1)
            found = read.value(*cell)
            wanted = _is_formatted(found, column)
            if wanted and read.format_code(*cell) != expected:
                shown = read.format_code(*cell)
                yield f"{address(read.name, *cell)} is formatted {shown!r}, not {expected!r}"


def _is_formatted(found: CellValue, column: TableColumn) -> bool:
    if column.kind is ColumnKind.TEXT or column.kind is ColumnKind.DATE:
        return False
    return isinstance(found, (int, float)) and not isinstance(found, bool)


def _sampled_rows(table: PlacedTable) -> range:
    step = max(1, len(table.table.rows) // 200)
    return range(table.first_row + 1, table.first_row + 1 + len(table.table.rows), step)


def _total_problems(read: ReadSheet, table: PlacedTable) -> Iterator[str]:
    names = [name for name in table.table.totals if table.find_column(name) is None]
    yield from (f"the table {table.name} has no column {name!r} to total" for name in names)
    if table.totals_row is None:
        return
    for total in column_totals(table):
        cell = (table.totals_row + 1, FIRST_COLUMN + total.place + 1)
        yield from _content_problems(
            read, cell, Formula(expression=total.formula, value=total.value)
        )
