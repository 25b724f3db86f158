"""Excel workbooks: every visible sheet, cut into its tables and remarks.

Sheets are streamed: opening a workbook whole lets one merge of all cells fill the memory.
"""

import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Protocol, cast

import openpyxl

from app.sources.readers.xlsx_cells import StreamedCell, raw_cell
from app.sources.readers.xlsx_regions import Region, find_regions
from app.sources.readers.xlsx_scan import SheetFacts, scan_sheets
from app.sources.reading import Block, Reading, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import Grid, RawCell, cell_text
from app.sources.tables.units import unit_line

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
_MAX_BLANK_ROWS = 2_000
_TITLE_REACH_ROWS = 4


class StreamedSheet(Protocol):
    """A sheet as openpyxl streams it."""

    @property
    def title(self) -> str:
        """The sheet's name."""
        ...

    def reset_dimensions(self) -> None:
        """Forget the size that the file claims."""
        ...

    def iter_rows(self) -> Iterator[tuple[StreamedCell, ...]]:
        """Yield rows of cells."""
        ...


def read_xlsx(request: ReadRequest) -> Reading:
    """Read a workbook; hidden sheets and formulas without stored results are reported."""
    facts = scan_sheets(request)
    workbook = openpyxl.load_workbook(
        request.open(), read_only=True, data_only=True, keep_links=False
    )
    reading = Reading(title=str(workbook.properties.title or "").strip())
    hidden: list[str] = []
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            streamed = cast("StreamedSheet", sheet)
            reading.blocks.extend(_sheet_blocks(request, streamed, facts, reading.notices))
    finally:
        workbook.close()
    if hidden:
        reading.notices.append(request.say("hidden_sheets", sheets=", ".join(hidden)))
    uncached = [name for name, sheet_facts in facts.items() if sheet_facts.uncached_formulas]
    visible = [name for name in uncached if name not in hidden]
    if visible:
        reading.notices.append(request.say("no_cached_values", sheets=", ".join(visible)))
    return reading


def _sheet_blocks(
    request: ReadRequest,
    sheet: StreamedSheet,
    facts: dict[str, SheetFacts],
    notices: list[str],
) -> Iterator[Block]:
    limits = request.limits
    sheet.reset_dimensions()
    rows = list(_sheet_rows(sheet, limits.max_table_rows + 1, limits.max_table_columns + 1))
    if any(len(row) > limits.max_table_columns and cell_text(row[-1]) for row in rows):
        limit = limits.max_table_columns
        notices.append(request.say("too_many_columns", place=sheet.title, limit=limit))
    rows = [row[: limits.max_table_columns] for row in rows]
    is_complete = len(rows) <= limits.max_table_rows
    found = facts.get(sheet.title)
    if found is not None:
        _fill_merges(rows, found)
    yield from _blocks(find_regions(rows), sheet.title, is_complete=is_complete)


def _sheet_rows(sheet: StreamedSheet, max_rows: int, max_columns: int) -> Iterator[list[RawCell]]:
    """Yield rows; a long stretch of blank rows ends the sheet."""
    blank = 0
    pending: list[list[RawCell]] = []
    for row in islice(sheet.iter_rows(), max_rows):
        cells = [raw_cell(cell) for cell in row[:max_columns]]
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            blank += 1
            pending.append(cells)
            if blank > _MAX_BLANK_ROWS:
                return
            continue
        yield from pending
        pending, blank = [], 0
        yield cells


def _fill_merges(rows: list[list[RawCell]], facts: SheetFacts) -> None:
    """Repeat the text of a cell merged over several rows in each of them."""
    for top, left, bottom in facts.vertical_merges:
        if top > len(rows) or left > len(rows[top - 1]):
            continue
        value = rows[top - 1][left - 1]
        for row in rows[top : min(bottom, len(rows))]:
            if len(row) >= left and row[left - 1] == "":
                row[left - 1] = value


def _blocks(regions: list[Region], sheet: str, *, is_complete: bool) -> Iterator[Block]:
    title, unit, title_bottom = "", None, -100
    for region in regions:
        is_near = region.top - title_bottom <= _TITLE_REACH_ROWS
        grid = Grid(
            rows=region.rows,
            numbers=list(range(region.top, region.top + len(region.rows))),
            title=title if is_near else "",
            unit=unit if is_near else None,
            section=sheet,
            sheet=sheet,
            left=region.left,
            is_complete=is_complete,
        )
        if region.is_remark:
            line = cell_text(region.rows[0][0])
            found = unit_line(line)
            unit = found or (unit if is_near else None)
            title = (title if is_near else "") if found else line
            title_bottom = region.top
            yield TextBlock(text=line, locator=grid.locate(region.top, region.top), section=sheet)
        else:
            yield grid
            title, unit, title_bottom = "", None, -100
