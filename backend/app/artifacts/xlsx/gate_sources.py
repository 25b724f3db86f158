"""Checks of sources: every mark resolves, the list is whole, the notes travel with the cells."""

import re
from collections.abc import Iterator

from app.artifacts.blocks import Workbook
from app.artifacts.characters import clean_model
from app.artifacts.citations import (
    citation_mark,
    citation_numbers,
    cited_numbers,
    unknown_source_ids,
)
from app.artifacts.embedded_sources import read_embedded_sources
from app.artifacts.xlsx.gate_cells import address
from app.artifacts.xlsx.layout import FIRST_COLUMN, TITLE_ROW, PlacedSheet, PlacedWorkbook
from app.artifacts.xlsx.read import ReadSheet, ReadWorkbook
from app.artifacts.xlsx.sources_sheet import HEADER_ROW, source_rows

_MARK = re.compile(r"\[(\d{1,2})\]")
Citing = tuple[int, int, tuple[str, ...]]


def citation_problems(
    file: ReadWorkbook, workbook: Workbook, placed: PlacedWorkbook
) -> Iterator[str]:
    """Yield the claims whose source is unknown, and the marks that are missing or lead nowhere."""
    numbers = citation_numbers(workbook.sources)
    for sheet in placed.sheets:
        read = file.sheets[sheet.name]
        for row, column, source_ids in _citing_cells(sheet):
            place = address(sheet.name, row, column)
            for unknown in unknown_source_ids(source_ids, workbook.sources):
                yield f"{place} cites the unknown source {unknown!r}"
            shown = str(read.value(row, column) or "")
            for number in cited_numbers(source_ids, numbers):
                if citation_mark([number]) not in shown:
                    yield f"{place} does not show the mark [{number}]"
        yield from _dangling_marks(read, sheet, len(workbook.sources))


def note_problems(file: ReadWorkbook, workbook: Workbook, placed: PlacedWorkbook) -> Iterator[str]:
    """Yield the cells with a source but without a note that names it."""
    numbers = citation_numbers(workbook.sources)
    for sheet in placed.sheets:
        read = file.sheets[sheet.name]
        for row, column, source_ids in _noted_cells(sheet):
            note = read.notes.get((row, column), "")
            for number in cited_numbers(source_ids, numbers):
                if f"[{number}]" not in note:
                    yield f"{address(sheet.name, row, column)} has no note for source [{number}]"


def source_problems(
    file: ReadWorkbook, workbook: Workbook, placed: PlacedWorkbook
) -> Iterator[str]:
    """Yield the differences between the sources and the sheet that lists them."""
    if placed.sources_sheet is None:
        return
    read = file.sheets[placed.sources_sheet]
    rows = source_rows(workbook.sources, workbook.language)
    for row, cells in enumerate(rows, start=HEADER_ROW + 2):
        for column, expected in enumerate(cells, start=FIRST_COLUMN + 1):
            found = read.value(row, column)
            if found != expected:
                place = address(read.name, row, column)
                yield f"{place} holds {found!r} instead of {expected!r}"
    extra = read.value(HEADER_ROW + 2 + len(rows), FIRST_COLUMN + 1)
    if extra is not None:
        yield f"the list of sources goes on with {extra!r}"


def embedded_problems(content: bytes, workbook: Workbook) -> Iterator[str]:
    """Yield the difference between the sources and those in the file's own part."""
    if read_embedded_sources(content) != tuple(map(clean_model, workbook.sources)):
        yield "the file carries other sources than the workbook"


def _citing_cells(sheet: PlacedSheet) -> Iterator[Citing]:
    """Yield the cells that print marks: note, figures, titles of tables."""
    if sheet.note_row is not None:
        ids = tuple(id for run in sheet.sheet.note for id in run.source_ids)
        yield sheet.note_row + 1, FIRST_COLUMN + 1, ids
    for kpi in sheet.kpis:
        yield kpi.row + 1, kpi.column + 1, kpi.kpi.source_ids
    for table in sheet.tables:
        yield table.title_row + 1, FIRST_COLUMN + 1, table.table.source_ids


def _noted_cells(sheet: PlacedSheet) -> Iterator[Citing]:
    """Yield the cells that carry notes: note, figures, first headers of tables."""
    titles = {table.title_row + 1 for table in sheet.tables}
    for row, column, source_ids in _citing_cells(sheet):
        yield row + 1 if row in titles else row, column, source_ids


def _dangling_marks(read: ReadSheet, sheet: PlacedSheet, count: int) -> Iterator[str]:
    places = {(row, column) for row, column, _ in _citing_cells(sheet)}
    places.add((TITLE_ROW + 1, FIRST_COLUMN + 1))
    for row, column in sorted(places):
        for match in _MARK.finditer(str(read.value(row, column) or "")):
            if not 1 <= int(match.group(1)) <= count:
                yield f"{address(read.name, row, column)} has the mark {match.group()} of no source"
