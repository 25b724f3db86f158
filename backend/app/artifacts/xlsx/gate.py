"""The gate of workbooks: a file is opened again, read, recalculated and compared."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError

from app.artifacts.blocks import Workbook
from app.artifacts.checks import gate_check
from app.artifacts.report import GateReport
from app.artifacts.xlsx.gate_cells import cell_problems, error_problems, glyph_problems
from app.artifacts.xlsx.gate_charts import chart_problems
from app.artifacts.xlsx.gate_formulas import formula_problems
from app.artifacts.xlsx.gate_sources import (
    citation_problems,
    embedded_problems,
    note_problems,
    source_problems,
)
from app.artifacts.xlsx.layout import PlacedWorkbook, place_workbook
from app.artifacts.xlsx.read import ReadWorkbook

_UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError, ParseError, OSError)


def check_xlsx(content: bytes, workbook: Workbook) -> GateReport:
    """Check a file against the blocks that it was made from."""
    placed = place_workbook(workbook)
    try:
        file = ReadWorkbook(content)
    except _UNREADABLE as error:
        problem = f"the file does not open: {type(error).__name__}: {error}"
        return GateReport(checks=(gate_check("opens", [problem]),))
    missing = tuple(_missing_sheets(file, placed))
    checks = [gate_check("opens", []), gate_check("sheets", missing)]
    if not missing:
        checks += [
            gate_check("cells", cell_problems(file, placed, workbook.language)),
            gate_check("formulas", formula_problems(file, placed)),
            gate_check("errors", error_problems(file)),
            gate_check("charts", chart_problems(file, placed)),
            gate_check("citations", citation_problems(file, workbook, placed)),
            gate_check("notes", note_problems(file, workbook, placed)),
            gate_check("sources", source_problems(file, workbook, placed)),
            gate_check("embedded_sources", embedded_problems(content, workbook)),
            gate_check("characters", glyph_problems(file)),
        ]
    return GateReport(checks=tuple(checks))


def _missing_sheets(file: ReadWorkbook, placed: PlacedWorkbook) -> Iterator[str]:
    for sheet in placed.sheets:
        if not file.has_sheet(sheet.name):
            yield f"the sheet {sheet.name!r} is missing"
    if placed.sources_sheet is not None and not file.has_sheet(placed.sources_sheet):
        yield f"the sheet {placed.sources_sheet!r} is missing"
