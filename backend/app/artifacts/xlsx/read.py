"""Read a finished workbook back: values, formulas, tables, notes, charts."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook as OpenWorkbook

from app.artifacts.ooxml import Package
from app.artifacts.xlsx.formula import FormulaError, TableArea
from app.artifacts.xlsx.values import day_number
from app.schemas.source import CellValue

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_Item = TypeVar("_Item")
_FULLY_READ_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChart:
    """A chart of the file: the sheet it is on, its words, the ranges that it reads."""

    sheet: str
    title: str
    alt_text: str
    ranges: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class ReadSheet:
    """One sheet's cells. Rows and columns are counted from 1; nothing stands outside the lists."""

    name: str
    values: list[list[CellValue]]
    formats: list[list[str]]
    formulas: dict[tuple[int, int], str]
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> CellValue:
        """Return a cell's value, of a formula its stored value."""
        return _at(self.values, row, column)

    def format_code(self, row: int, column: int) -> str:
        """Return a cell's number format."""
        return _at(self.formats, row, column) or "General"

    def texts(self) -> Iterator[tuple[int, int, str]]:
        """Yield every text with its place."""
        for row, values in enumerate(self.values, start=1):
            for column, value in enumerate(values, start=1):
                if isinstance(value, str):
                    yield row, column, value


class ReadWorkbook:
    """A finished file, as its readers see it. It is the calculator's grid."""

    def __init__(self, content: bytes) -> None:
        self.sheets: dict[str, ReadSheet] = _read_sheets(content)
        self.tables: dict[str, TableArea] = {}
        self.charts: tuple[ReadChart, ...] = ()
        self._read_parts(Package(content))

    def cell(
        self, sheet: str, row: int, column: int
    ) -> float | int | str | bool | FormulaError | None:
        """Return a cell as the calculator wants it."""
        read = self.sheets[sheet]
        if (row, column) in read.errors:
            return FormulaError(read.errors[row, column])
        value = read.value(row, column)
        return day_number(value) if isinstance(value, date) else value

    def find_table(self, name: str) -> TableArea | None:
        """Return a table by name."""
        return self.tables.get(name.casefold())

    def has_sheet(self, sheet: str) -> bool:
        """Whether the file has this sheet."""
        return sheet in self.sheets

    def _read_parts(self, package: Package) -> None:
        charts: list[ReadChart] = []
        for name, part in _sheet_parts(package):
            for link in package.related(part, "/table"):
                area = _read_table(package, link.target, name)
                self.tables[area[0].casefold()] = area[1]
            for link in package.related(part, "/comments"):
                self.sheets[name].notes.update(_read_notes(package, link.target))
            for link in package.related(part, "/drawing"):
                charts.extend(_read_charts(package, link.target, name))
        self.charts = tuple(charts)


def _at(grid: list[list[_Item]], row: int, column: int) -> _Item | None:
    if row < 1 or column < 1 or row > len(grid) or column > len(grid[row - 1]):
        return None
    return grid[row - 1][column - 1]


def _read_sheets(content: bytes) -> dict[str, ReadSheet]:
    streamed = len(content) > _FULLY_READ_BYTES
    stored = _open(content, streamed=True, values=True)
    live = _open(content, streamed=streamed, values=False)
    sheets = {name: _read_sheet(name, stored, live) for name in stored.sheetnames}
    stored.close()
    live.close()
    return sheets


def _open(content: bytes, *, streamed: bool, values: bool) -> OpenWorkbook:
    return openpyxl.load_workbook(
        io.BytesIO(content), read_only=streamed, data_only=values, keep_links=False
    )


def _read_sheet(name: str, stored: OpenWorkbook, live: OpenWorkbook) -> ReadSheet:
    sheet = ReadSheet(name=name, values=[], formats=[], formulas={})
    for row, cells in enumerate(stored[name].iter_rows(), start=1):
        sheet.values.append([_plain(cell.value) for cell in cells])
        sheet.formats.append([getattr(cell, "number_format", "General") for cell in cells])
        for column, cell in enumerate(cells, start=1):
            if cell.data_type == "e":
                sheet.errors[row, column] = str(cell.value)
    sheet.formulas = {
        (row, column): str(cell.value)
        for row, cells in enumerate(live[name].iter_rows(), start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.data_type == "f"
    }
    return sheet


def _plain(value: object) -> CellValue:
    if value is None or isinstance(value, (bool, int, float, str, datetime, date)):
        return value
    return str(value)


def _sheet_parts(package: Package) -> Iterator[tuple[str, str]]:
    links = {link.id: link.target for link in package.related("xl/workbook.xml", "/worksheet")}
    for sheet in package.root("xl/workbook.xml").iter(f"{_MAIN}sheet"):
        yield sheet.get("name", ""), links[sheet.get(f"{_RELATIONSHIPS}id", "")]


def _read_table(package: Package, part: str, sheet: str) -> tuple[str, TableArea]:
    root = package.root(part)
    first_column, first_row, _, last_row = range_boundaries(root.get("ref", "A1"))
    area = TableArea(
        sheet=sheet,
        first_row=first_row or 1,
        last_row=last_row or 1,
        first_column=first_column or 1,
        columns=tuple(column.get("name", "") for column in root.iter(f"{_MAIN}tableColumn")),
        has_totals=int(root.get("totalsRowCount", "0")) > 0,
    )
    return root.get("displayName", root.get("name", "")), area


def _read_notes(package: Package, part: str) -> dict[tuple[int, int], str]:
    notes: dict[tuple[int, int], str] = {}
    for comment in package.root(part).iter(f"{_MAIN}comment"):
        column, row, _, _ = range_boundaries(comment.get("ref", "A1"))
        text = "".join(piece.text or "" for piece in comment.iter(f"{_MAIN}t"))
        notes[row or 1, column or 1] = text
    return notes


def _read_charts(package: Package, part: str, sheet: str) -> Iterator[ReadChart]:
    targets = {link.id: link.target for link in package.related(part, "/chart")}
    for frame in package.root(part).iter(f"{_DRAWING}graphicFrame"):
        shown = next(frame.iter(f"{_DRAWING}cNvPr"))
        link = next(frame.iter(f"{_CHART}chart")).get(f"{_RELATIONSHIPS}id", "")
        root = package.root(targets[link])
        title = "".join(
            str(text)
            for element in root.findall(f"{_CHART}chart/{_CHART}title")
            for text in element.itertext()
        )
        yield ReadChart(
            sheet=sheet,
            title=title.strip(),
            alt_text=shown.get("descr", ""),
            ranges=tuple(formula.text or "" for formula in root.iter(f"{_CHART}f")),
        )
