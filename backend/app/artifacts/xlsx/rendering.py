"""Write a workbook as an .xlsx file."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time

import xlsxwriter
from xlsxwriter.theme import THEME_XML_2007
from xlsxwriter.worksheet import Worksheet

from app.artifacts.blocks import Formula, Kpi, Workbook
from app.artifacts.characters import clean_line
from app.artifacts.embedded_sources import source_parts
from app.artifacts.ooxml import CORE_PART, house_theme, read_part, rewrite_parts, with_language
from app.artifacts.report import RenderedFile
from app.artifacts.themes import HOUSE_THEME
from app.artifacts.xlsx.cells import FormulaWriter, write_content
from app.artifacts.xlsx.charts import ChartWriter
from app.artifacts.xlsx.formula import NameMap
from app.artifacts.xlsx.gate import check_xlsx
from app.artifacts.xlsx.layout import (
    FIRST_COLUMN,
    TITLE_ROW,
    PlacedSheet,
    PlacedWorkbook,
    author_columns,
    place_workbook,
)
from app.artifacts.xlsx.names import table_names
from app.artifacts.xlsx.notes import Citations
from app.artifacts.xlsx.sources_sheet import HEADER_ROW, write_sources
from app.artifacts.xlsx.styles import BODY_SIZE, FONTS, Styles
from app.artifacts.xlsx.tables import LINE_HEIGHT, ROW_HEIGHT, TableWriter
from app.artifacts.xlsx.values import cell_format_code
from app.artifacts.xlsx.widths import MARGIN_WIDTH, column_widths, wrapped_lines
from app.schemas.source import Language, TableColumn

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN_PART = "xl/workbook.xml"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_TEXT_COLUMNS_WIDTH = 90.0
# Beyond this an overview shrunk to one page could not be read.
MOST_ROWS_OF_ONE_PAGE = 50
_A4 = 9
_REPEATED_FROM = 30


def render(workbook: Workbook, name: str) -> RenderedFile:
    """Write a workbook and check it. The same blocks give the same bytes.

    Args:
        workbook: what to write.
        name: the file's name, with ".xlsx".

    Raises:
        WorkbookTooLargeError: a table does not fit on a sheet.
        WorkbookUnevenError: a row has more cells than its table has columns.
    """
    content = _write(workbook)
    return RenderedFile(
        name=name, media_type=MEDIA_TYPE, content=content, report=check_xlsx(content, workbook)
    )


def _write(workbook: Workbook) -> bytes:
    placed = place_workbook(workbook)
    buffer = io.BytesIO()
    font = {"font_name": FONTS[workbook.language], "font_size": BODY_SIZE}
    file = xlsxwriter.Workbook(buffer, {**_OPTIONS, "default_format_properties": font})
    file.set_properties(
        {
            "title": clean_line(workbook.title),
            "author": HOUSE_THEME.name,
            "created": datetime.combine(workbook.created_on, time(), tzinfo=UTC),
        }
    )
    file.use_custom_theme(io.StringIO(house_theme(THEME_XML_2007.encode()).decode()))
    _WorkbookWriter(file, workbook, placed).write()
    file.close()
    content = buffer.getvalue()
    core = read_part(content, CORE_PART)
    parts = source_parts(content, workbook.sources, _MAIN_PART)
    parts[CORE_PART] = with_language(core or b"", workbook.language)
    return rewrite_parts(content, parts)


class _WorkbookWriter:
    def __init__(
        self, file: xlsxwriter.Workbook, workbook: Workbook, placed: PlacedWorkbook
    ) -> None:
        self._file = file
        self._workbook = workbook
        self._placed = placed
        self._styles = Styles(file)
        self._citations = Citations(workbook.sources, workbook.language)

    def write(self) -> None:
        sheets = [self._add_sheet(sheet.name) for sheet in self._placed.sheets]
        for sheet, placed in zip(sheets, self._placed.sheets, strict=True):
            self._write_sheet(sheet, placed)
        if self._placed.sources_sheet is not None:
            self._write_sources(self._add_sheet(self._placed.sources_sheet))
        if not self._file.worksheets():
            self._add_sheet(None)

    def _add_sheet(self, name: str | None) -> Worksheet:
        sheet = self._file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW_HEIGHT)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&9&P / &N")
        sheet.set_row(0, 9)
        return sheet

    def _write_sheet(self, sheet: Worksheet, placed: PlacedSheet) -> None:
        widths = column_widths(placed, self._workbook)
        if placed.sheet.charts and placed.end_row <= MOST_ROWS_OF_ONE_PAGE:
            # An overview is printed on one page: a chart must not be cut in two.
            sheet.fit_to_pages(1, 1)
        sheet.set_column(0, 0, MARGIN_WIDTH)
        for column, width in widths.items():
            sheet.set_column(column, column, width)
        self._write_head(sheet, placed, widths)
        self._set_kpi_heights(sheet, placed, widths)
        for kpi in placed.kpis:
            self._write_kpi(sheet, kpi.kpi, kpi.row, kpi.column, placed)
        tables = TableWriter(sheet, self._styles, self._citations, self._workbook.language, widths)
        for table in placed.tables:
            tables.write(table, FormulaWriter(self._names(placed, table.name)))
        if placed.tables:
            first = placed.tables[0]
            sheet.freeze_panes(first.first_row, 0)
            if len(placed.tables) == 1 and len(first.table.rows) > _REPEATED_FROM:
                sheet.repeat_rows(first.header_row)
        charts = ChartWriter(self._file, sheet, self._workbook.language)
        charts.write(self._placed, placed, widths)

    def _write_head(
        self, sheet: Worksheet, placed: PlacedSheet, widths: Mapping[int, float]
    ) -> None:
        title = clean_line(placed.sheet.title) or placed.name
        last = max([FIRST_COLUMN + placed.width - 1, FIRST_COLUMN])
        width = sum(widths.get(column, 8.43) for column in range(FIRST_COLUMN, last + 1))
        while width < _TEXT_COLUMNS_WIDTH:
            last += 1
            width += widths.get(last, 8.43)
        _write_wide(sheet, (TITLE_ROW, last), title, width, _TITLE, self._styles)
        if placed.note_row is not None:
            note = self._citations.marked_runs(placed.sheet.note)
            _write_wide(sheet, (placed.note_row, last), note, width, _NOTE, self._styles)
            source_ids = [id for run in placed.sheet.note for id in run.source_ids]
            self._citations.write_note(sheet, (placed.note_row, FIRST_COLUMN), source_ids)

    def _set_kpi_heights(
        self, sheet: Worksheet, placed: PlacedSheet, widths: Mapping[int, float]
    ) -> None:
        """Make each strip as high as its longest label wraps to: one row holds many figures."""
        lines: dict[int, int] = {}
        for kpi in placed.kpis:
            label = self._citations.marked(kpi.kpi.label, kpi.kpi.source_ids)
            needed = min(wrapped_lines(label, widths.get(kpi.column, 8.43)), _MOST_KPI_LINES)
            lines[kpi.row] = max(lines.get(kpi.row, 1), needed)
        for row, most in lines.items():
            sheet.set_row(row, 20 if most == 1 else most * LINE_HEIGHT + 2)
            sheet.set_row(row + 1, 30)

    def _write_kpi(
        self, sheet: Worksheet, kpi: Kpi, row: int, column: int, placed: PlacedSheet
    ) -> None:
        language = self._workbook.language
        label = self._citations.marked(kpi.label, kpi.source_ids)
        sheet.write_string(row, column, label, self._styles.kpi_label())
        self._citations.write_note(sheet, (row, column), kpi.source_ids)
        style = self._styles.kpi_value(kpi_format_code(kpi, language))
        formulas = FormulaWriter(self._names(placed, None))
        write_content(sheet, (row + 1, column), kpi.value, style, formulas)

    def _write_sources(self, sheet: Worksheet) -> None:
        taken = [table.name for table in self._placed.tables]
        table = table_names([*taken, "Sources"])[-1]
        write_sources(sheet, self._styles, self._workbook.sources, self._workbook.language, table)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def _names(self, placed: PlacedSheet, own_table: str | None) -> NameMap:
        others = [table for table in self._placed.tables if table.sheet_name != placed.name]
        in_order = [*placed.tables, *others]
        return NameMap(
            sheets={sheet.sheet.name: sheet.name for sheet in reversed(self._placed.sheets)},
            tables={table.table.name: table.name for table in reversed(in_order)},
            columns=author_columns(self._placed.tables),
            own_table=own_table,
        )


_TITLE, _NOTE = "title", "note"
_MOST_HEAD_LINES = 8
_MOST_KPI_LINES = 4


def _write_wide(
    sheet: Worksheet,
    place: tuple[int, int],
    text: str,
    width: float,
    role: str,
    styles: Styles,
) -> None:
    """Write a line over the columns of the sheet, wrapped in merged cells where it is too long."""
    row, last_column = place
    scale = 1.6 if role == _TITLE else 0.95
    lines = min(wrapped_lines(text, width / scale), _MOST_HEAD_LINES)
    style = styles.title(wrapped=lines > 1) if role == _TITLE else styles.note()
    line_height = 22.0 if role == _TITLE else LINE_HEIGHT
    sheet.set_row(row, max(lines * line_height + 4, 28 if role == _TITLE else ROW_HEIGHT))
    if role == _NOTE or lines > 1:
        sheet.merge_range(row, FIRST_COLUMN, row, last_column, "", style)
    sheet.write_string(row, FIRST_COLUMN, text, style)


def kpi_format_code(kpi: Kpi, language: Language) -> str:
    """Return the format code of a headline figure."""
    if isinstance(kpi.value, str) or (
        isinstance(kpi.value, Formula) and isinstance(kpi.value.value, str)
    ):
        return "General"
    column = TableColumn(name="", kind=kpi.kind, unit=kpi.unit, decimals=kpi.decimals)
    return cell_format_code(column, language)
