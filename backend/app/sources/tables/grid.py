"""A grid of cells as a reader found it, before anything is concluded from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from app.sources.locators import sheet_range, span
from app.sources.text.characters import plain_text


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell whose type the file states (a workbook); `text` is how a reader sees it."""

    text: str
    value: bool | float | date | datetime
    is_percent: bool = False
    currency: str | None = None


RawCell = str | TypedCell


@dataclass(slots=True, kw_only=True)
class Grid:
    """Rows of cells with the place they come from.

    With `sheet` the locator is a cell range; else `place` and row numbers. `numbers` holds the
    number of each row in the file, so that rows left out do not shift the others.
    """

    rows: list[list[RawCell]]
    numbers: list[int]
    title: str = ""
    section: str = ""
    place: str = ""
    sheet: str | None = None
    left: int = 0
    unit: str | None = None
    has_header: bool | None = None
    is_complete: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def locate(self, first: int, last: int) -> str:
        """Say where the rows numbered `first` to `last` stand."""
        if self.sheet is not None:
            return sheet_range(self.sheet, first, self.left, last, self.left + self.width - 1)
        rows = span("row", first, last)
        return f"{self.place}, {rows}" if self.place else rows


def plain_grid(grid: Grid) -> Grid:
    """Return the grid without characters that no text has."""
    return replace(
        grid,
        rows=[
            [plain_text(cell) if isinstance(cell, str) else cell for cell in row]
            for row in grid.rows
        ],
        title=plain_text(grid.title),
        section=plain_text(grid.section),
        place=plain_text(grid.place),
        sheet=None if grid.sheet is None else plain_text(grid.sheet),
    )


def cell_text(cell: RawCell) -> str:
    """Return the text of a cell on one line."""
    return " ".join((cell if isinstance(cell, str) else cell.text).split())


def is_blank_row(row: Sequence[RawCell]) -> bool:
    """Say whether no cell of the row holds anything."""
    return not any(not isinstance(cell, str) or cell.strip() for cell in row)


def number_text(value: float, *, is_percent: bool = False) -> str:
    """Write a number exactly, in groups of three digits, without the noise of binary fractions."""
    exact = Decimal(repr(round(value, 10))) if isinstance(value, float) else Decimal(value)
    if is_percent:
        exact *= 100
    text = format(exact, ",f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + ("%" if is_percent else "")
