"""Write tables as real Excel tables: typed columns, calculated columns, a totals row."""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.artifacts.blocks import Formula
from app.artifacts.formatting import is_right_aligned
from app.artifacts.xlsx.cells import FormulaWriter, write_content
from app.artifacts.xlsx.layout import FIRST_COLUMN, CellContent, PlacedTable
from app.artifacts.xlsx.notes import Citations
from app.artifacts.xlsx.styles import Styles
from app.artifacts.xlsx.totals import column_totals, totals_label
from app.artifacts.xlsx.values import DATE_TIME_FORMAT, cell_format_code, stored_value
from app.artifacts.xlsx.widths import plain_value, wrapped_lines
from app.schemas.source import ColumnKind, Language, TableColumn

LINE_HEIGHT = 15.0
ROW_HEIGHT = 18.0
_MOST_LINES = 12
_WRAPPED_ROWS = 2_000


class TableWriter:
    """Writes the tables of one sheet."""

    def __init__(
        self,
        sheet: Worksheet,
        styles: Styles,
        citations: Citations,
        language: Language,
        widths: Mapping[int, float],
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._citations = citations
        self._language = language
        self._widths = widths

    def write(self, table: PlacedTable, formulas: FormulaWriter) -> None:
        """Write a table with its title, headers, rows and totals."""
        sheet = self._sheet
        sheet.set_row(table.title_row, 22)
        title = self._citations.marked(table.table.title, table.table.source_ids)
        if title:
            sheet.write_string(table.title_row, FIRST_COLUMN, title, self._styles.table_title())
        sheet.add_table(
            table.header_row,
            FIRST_COLUMN,
            table.end_row,
            table.last_column,
            {
                "name": table.name,
                "style": None,
                "total_row": table.totals_row is not None,
                "columns": self._column_options(table, formulas),
                "description": title,
            },
        )
        self._citations.write_note(sheet, (table.header_row, FIRST_COLUMN), table.table.source_ids)
        self._set_header_height(table)
        self._write_rows(table, formulas)
        self._write_totals(table)

    def _column_options(
        self, table: PlacedTable, formulas: FormulaWriter
    ) -> list[dict[str, str | Format]]:
        totals = {total.place: total.function for total in column_totals(table)}
        options: list[dict[str, str | Format]] = []
        for place, column in enumerate(table.columns):
            option: dict[str, str | Format] = {
                "header": column.name,
                "header_format": self._styles.header(right=is_right_aligned(column)),
            }
            formula = self._column_formula(table, place, formulas)
            if formula and "@" not in formula:
                option["formula"] = formula
            if place in totals:
                option["total_function"] = totals[place]
            elif place == 0 and table.totals_row is not None:
                option["total_string"] = totals_label(table, self._language)
            options.append(option)
        return options

    def _column_formula(
        self, table: PlacedTable, place: int, formulas: FormulaWriter
    ) -> str | None:
        if place < len(table.table.columns):
            return None
        cells = [row[place] for row in table.table.rows if place < len(row)]
        expressions = {cell.expression for cell in cells if isinstance(cell, Formula)}
        return formulas.stored(expressions.pop()) if len(expressions) == 1 else None

    def _set_header_height(self, table: PlacedTable) -> None:
        lines = max(
            wrapped_lines(column.name, self._widths[FIRST_COLUMN + place] - 2)
            for place, column in enumerate(table.columns)
        )
        height = max(20.0, min(lines, _MOST_LINES) * LINE_HEIGHT + 5)
        self._sheet.set_row(table.header_row, height)

    def _write_rows(self, table: PlacedTable, formulas: FormulaWriter) -> None:
        looks = [self._look(column) for column in table.columns]
        wraps = len(table.table.rows) <= _WRAPPED_ROWS
        for row, contents in enumerate(table.rows(), start=table.first_row):
            lines = self._line_counts(contents) if wraps else ()
            for place, content in enumerate(contents):
                style = looks[place].style(content, wrapped=bool(lines) and lines[place] > 1)
                write_content(self._sheet, (row, FIRST_COLUMN + place), content, style, formulas)
            if lines and max(lines) > 1:
                self._sheet.set_row(row, min(max(lines), _MOST_LINES) * LINE_HEIGHT + 3)
        if not table.table.rows:
            for place, look in enumerate(looks):
                self._sheet.write_blank(
                    table.first_row, FIRST_COLUMN + place, None, look.style(None, wrapped=False)
                )

    def _line_counts(self, contents: Sequence[CellContent]) -> list[int]:
        return [
            wrapped_lines(content, self._widths[FIRST_COLUMN + place])
            if isinstance(content, str)
            else 1
            for place, content in enumerate(contents)
        ]

    def _write_totals(self, table: PlacedTable) -> None:
        if table.totals_row is None:
            return
        totals = {total.place: total for total in column_totals(table)}
        for place, column in enumerate(table.columns):
            cell = (table.totals_row, FIRST_COLUMN + place)
            total = totals.get(place)
            right = is_right_aligned(column)
            code = cell_format_code(column, self._language)
            if total is not None:
                style = self._styles.total(
                    "#,##0" if total.function == "count" else code, right=right
                )
                self._sheet.write_formula(*cell, total.formula, style, value=total.value)
            elif place == 0:
                style = self._styles.total("General", right=False)
                self._sheet.write_string(*cell, totals_label(table, self._language), style)
            else:
                self._sheet.write_blank(*cell, None, self._styles.total(code, right=right))

    def _look(self, column: TableColumn) -> "_ColumnLook":
        return _ColumnLook(column, self._styles, self._language)


class _ColumnLook:
    """The formats of one column, by what a cell holds."""

    def __init__(self, column: TableColumn, styles: Styles, language: Language) -> None:
        code = cell_format_code(column, language)
        right = is_right_aligned(column)
        self._usual = styles.body(code, right=right)
        self._text = styles.body("@" if column.kind is ColumnKind.TEXT else "General", right=False)
        self._wrapped = styles.body("General", right=False, wrapped=True)
        self._moment = styles.body(DATE_TIME_FORMAT, right=right)
        self._day = styles.body("yyyy-mm-dd", right=right)

    def style(self, content: CellContent, *, wrapped: bool) -> Format:
        """Return the format of a cell: text to the left, moments with their time."""
        value = stored_value(plain_value(content))
        if isinstance(content, Formula) or value is None:
            return self._usual
        if isinstance(value, str):
            return self._wrapped if wrapped else self._text
        if hasattr(value, "hour"):
            return self._moment
        return self._day if hasattr(value, "year") else self._usual
