"""What the calculator reads: cells by address, tables by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from app.artifacts.xlsx.formula.errors import REFERENCE, FormulaError
from app.artifacts.xlsx.formula.structured import StructuredReference, TablePart
from app.artifacts.xlsx.formula.syntax import CellRange

Scalar = float | int | str | bool | None  # None is an empty cell
CellContent = Scalar | FormulaError


@dataclass(frozen=True, slots=True, kw_only=True)
class TableArea:
    """Where a table stands, counted from 1, header and totals row included."""

    sheet: str
    first_row: int
    last_row: int
    first_column: int
    columns: tuple[str, ...]
    has_totals: bool


class Grid(Protocol):
    """A workbook's cells and tables."""

    def cell(self, sheet: str, row: int, column: int) -> CellContent:
        """Return what a cell holds, from 1: a date as its day number, an error as FormulaError."""
        ...

    def find_table(self, name: str) -> TableArea | None:
        """Return a table by name, in any case of letters."""
        ...

    def has_sheet(self, sheet: str) -> bool:
        """Whether the workbook has this sheet."""
        ...


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the grid, ready to be read."""

    grid: Grid = field(compare=False, repr=False)
    sheet: str
    cells: CellRange

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.cells.last_row - self.cells.first_row + 1

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.cells.last_column - self.cells.first_column + 1

    def at(self, row: int, column: int) -> CellContent:
        """Return a cell by its place in the area, from 1."""
        if not (1 <= row <= self.height and 1 <= column <= self.width):
            raise FormulaError(REFERENCE)
        return self.grid.cell(
            self.sheet, self.cells.first_row + row - 1, self.cells.first_column + column - 1
        )

    def values(self) -> Iterator[CellContent]:
        """Yield every cell, row by row."""
        for row in range(self.cells.first_row, self.cells.last_row + 1):
            for column in range(self.cells.first_column, self.cells.last_column + 1):
                yield self.grid.cell(self.sheet, row, column)

    def part(self, rows: tuple[int, int], columns: tuple[int, int]) -> "Area":
        """Return a part of the area, by first and last row and column, from 1."""
        return Area(
            self.grid,
            self.sheet,
            CellRange(
                sheet=self.sheet,
                first_row=self.cells.first_row + rows[0] - 1,
                last_row=self.cells.first_row + rows[1] - 1,
                first_column=self.cells.first_column + columns[0] - 1,
                last_column=self.cells.first_column + columns[1] - 1,
            ),
        )

    def contains(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return (
            sheet == self.sheet
            and self.cells.first_row <= row <= self.cells.last_row
            and self.cells.first_column <= column <= self.cells.last_column
        )


def table_cells(table: TableArea, reference: StructuredReference, row: int) -> CellRange:
    """Return the cells that a structured reference means, seen from a row of the sheet.

    Raises:
        FormulaError: the table has no such column or row.
    """
    first, last = _column_span(table, reference)
    first_row, last_row = _row_span(table, reference.part, row)
    return CellRange(
        sheet=table.sheet,
        first_row=first_row,
        last_row=last_row,
        first_column=table.first_column + first,
        last_column=table.first_column + last,
    )


def _column_span(table: TableArea, reference: StructuredReference) -> tuple[int, int]:
    if reference.first_column is None or reference.last_column is None:
        return 0, len(table.columns) - 1
    names = [name.casefold() for name in table.columns]
    try:
        first = names.index(reference.first_column.casefold())
        last = names.index(reference.last_column.casefold())
    except ValueError:
        raise FormulaError(REFERENCE) from None
    return min(first, last), max(first, last)


def _row_span(table: TableArea, part: TablePart, row: int) -> tuple[int, int]:
    first, last = table.first_row + 1, table.last_row - int(table.has_totals)
    spans = {
        TablePart.DATA: (first, last),
        TablePart.ALL: (table.first_row, table.last_row),
        TablePart.HEADERS: (table.first_row, table.first_row),
        TablePart.TOTALS: (table.last_row, table.last_row),
        TablePart.THIS_ROW: (row, row),
    }
    outside = part is TablePart.THIS_ROW and not first <= row <= last
    if outside or (part is TablePart.TOTALS and not table.has_totals):
        raise FormulaError(REFERENCE)
    return spans[part]
