"""From a grid to a typed table and the lines in which it is quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.schemas.source import CellValue, TableColumn
from app.sources.tables.columns import column_head, type_column
from app.sources.tables.grid import Grid, RawCell, cell_text, is_blank_row
from app.sources.tables.headers import (
    column_names,
    count_header_rows,
    is_full_header,
    is_number_cell,
)
from app.sources.tables.totals import is_total_label
from app.sources.tables.units import split_header, unit_line
from app.sources.tables.wholes import mark_wholes

NAME_JOIN = ": "
CELL_JOIN = "; "
_MAX_TITLE_CHARS = 120
_MIN_ROWS_WITHOUT_HEADER = 2
_MAX_TITLE_SHARE = 0.4
# Footnotes and sources, or any text too long to be the label of a row.
_REMARK = re.compile(
    r"[*\u203b\u2020#(]|\d\)|(?:sources?|notes?|자료|출처|주석?|비고)\s*[:\uff1a)\d]|.{40}",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^:\uff1a]{1,25}[:\uff1a]\s")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table as text, with its number in the file."""

    text: str
    number: int
    is_total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTable:
    """A typed table. `rows` are without totals; `lines` are with them, in order.

    `above` and `below` are texts around it that the grid held: titles, unit lines, remarks.
    """

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    lines: tuple[Line, ...]
    locator: str
    above: tuple[Line, ...] = ()
    below: tuple[Line, ...] = ()


def build_table(grid: Grid, max_lines: int) -> BuiltTable | None:
    """Type a grid, or return None when it is no table. At most `max_lines` rows become lines."""
    body = _Body.of(grid)
    above, below = body.peel()
    if len(body.rows) < 1 or body.width < 2:
        return None
    header_rows = count_header_rows(body.rows, has_header=grid.has_header)
    width = body.width
    names = column_names(body.rows[:header_rows] or [[]], width)
    rows, numbers = body.rows[header_rows:], body.numbers[header_rows:]
    totals = _totals(rows)
    kept = [row for row, is_total in zip(rows, totals, strict=True) if not is_total]
    if not kept or (not header_rows and len(kept) < _MIN_ROWS_WITHOUT_HEADER):
        return None
    unit = grid.unit or _table_unit(above, names[0])
    typed = [type_column(name, [row[i] for row in kept], unit) for i, name in enumerate(names)]
    heads = [column_head(t.column) for t in typed]
    lines = tuple(
        Line(_line(heads, row), number, is_total)
        for row, number, is_total in zip(
            rows[:max_lines], numbers[:max_lines], totals[:max_lines], strict=True
        )
    )
    return BuiltTable(
        title=grid.title or _title(above),
        columns=tuple(t.column for t in typed),
        rows=tuple(zip(*(t.values for t in typed), strict=True)),
        lines=lines,
        locator=grid.locate(body.numbers[0], body.numbers[-1]),
        above=tuple(above),
        below=tuple(below),
    )


@dataclass(slots=True)
class _Body:
    """The filled rows of a grid, all of one width."""

    rows: list[list[RawCell]]
    numbers: list[int]
    width: int

    @classmethod
    def of(cls, grid: Grid) -> "_Body":
        kept = [
            (list(row), number)
            for row, number in zip(grid.rows, grid.numbers, strict=True)
            if not is_blank_row(row)
        ]
        width = _filled_width([row for row, _ in kept])
        rows = [
            [_clean(cell) for cell in row[:width]] + [""] * (width - len(row)) for row, _ in kept
        ]
        return cls(rows, [number for _, number in kept], width)

    def peel(self) -> tuple[list[Line], list[Line]]:
        """Take off rows of a single cell above and below: titles, units, remarks."""
        above: list[Line] = []
        below: list[Line] = []
        while len(self.rows) > 1 and self._is_title(self.rows):
            above.append(self._pop(0))
        while len(self.rows) > 2 and self._is_remark(self.rows[-1]):
            below.insert(0, self._pop(-1))
        return above, below

    def _is_title(self, rows: Sequence[Sequence[RawCell]]) -> bool:
        """A single cell, or a few above a header of distinct names for all columns."""
        if self._is_single(rows[0]):
            return True
        filled = sum(1 for cell in rows[0] if cell_text(cell))
        is_sparse = filled <= self.width * _MAX_TITLE_SHARE
        return is_sparse and any(is_full_header(row) for row in rows[1:4])

    def _is_single(self, row: Sequence[RawCell]) -> bool:
        filled = [cell for cell in row if cell_text(cell)]
        distinct = {cell_text(cell) for cell in filled}
        return self.width > 1 and len(distinct) == 1 and not is_number_cell(filled[0])

    def _is_remark(self, row: Sequence[RawCell]) -> bool:
        """A last row of one cell can also be a label whose figures are missing."""
        text = next(text for cell in row if (text := cell_text(cell)))
        return self._is_single(row) and bool(_REMARK.match(text))

    def _pop(self, index: int) -> Line:
        row, number = self.rows.pop(index), self.numbers.pop(index)
        text = " | ".join(dict.fromkeys(text for cell in row if (text := cell_text(cell))))
        return Line(text, number, is_total=False)


def _table_unit(above: Sequence[Line], label_header: str) -> str | None:
    """The unit of all figures: from a line above, or from the header of the labels."""
    unit = next((u for line in above if (u := unit_line(line.text))), None)
    return unit or split_header(label_header)[1]


def _clean(cell: RawCell) -> RawCell:
    return " ".join(cell.split()) if isinstance(cell, str) else cell


def _filled_width(rows: Sequence[Sequence[RawCell]]) -> int:
    return max((i + 1 for row in rows for i, cell in enumerate(row) if cell_text(cell)), default=0)


def _totals(rows: Sequence[Sequence[RawCell]]) -> list[bool]:
    """Which rows are totals; when all are, the table is about them and none is left out."""
    totals = mark_wholes(rows, [_is_total(row) for row in rows]) if rows else []
    return [False] * len(rows) if all(totals) else totals


def _is_total(row: Sequence[RawCell]) -> bool:
    has_label = any(isinstance(cell, str) and is_total_label(cell) for cell in row)
    return has_label and any(is_number_cell(cell) for cell in row)


def _line(heads: Sequence[str], row: Sequence[RawCell]) -> str:
    return CELL_JOIN.join(_cells(heads, row))


def _cells(heads: Sequence[str], row: Sequence[RawCell]) -> Iterator[str]:
    for head, cell in zip(heads, row, strict=False):
        text = cell_text(cell)
        if text:
            yield f"{head}{NAME_JOIN}{text}"


def _title(above: Sequence[Line]) -> str:
    """The first line above that is a name, neither a unit nor a field ("Source: ...")."""
    texts = (line.text for line in above if unit_line(line.text) is None)
    titles = (text for text in texts if len(text) <= _MAX_TITLE_CHARS and not _FIELD.match(text))
    return next(titles, "").partition(" | ")[0]
