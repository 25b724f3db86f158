"""Write typed cells. Text is always written as text: nothing a user typed becomes a formula."""

from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.artifacts.blocks import Formula
from app.artifacts.xlsx.formula import (
    FUNCTION_NAMES,
    NameMap,
    UnreadableFormulaError,
    called_functions,
    parse_formula,
    rewrite_formula,
)
from app.artifacts.xlsx.layout import CellContent
from app.artifacts.xlsx.values import as_datetime, stored_value
from app.schemas.source import CellValue


class FormulaWriter:
    """Turns the formulas of one place (a table, or a sheet's figures) into those of the file."""

    def __init__(self, names: NameMap) -> None:
        self._names = names
        self._known: dict[str, str | None] = {}

    def stored(self, expression: str) -> str | None:
        """Return the formula as the file holds it; None for one that must not be written.

        A formula that the calculator cannot read could call out of the file or break it. Its
        value is written instead, and the gate reports it.
        """
        if expression not in self._known:
            self._known[expression] = self._rewritten(expression)
        return self._known[expression]

    def _rewritten(self, expression: str) -> str | None:
        try:
            functions = set(called_functions(parse_formula(expression)))
            rewritten = rewrite_formula(expression, self._names)
        except UnreadableFormulaError:
            return None
        return rewritten if functions <= FUNCTION_NAMES else None


def write_content(
    sheet: Worksheet,
    place: tuple[int, int],
    content: CellContent,
    style: Format,
    formulas: FormulaWriter,
) -> None:
    """Write a value or a formula with its value."""
    if not isinstance(content, Formula):
        write_value(sheet, place, content, style)
        return
    formula = formulas.stored(content.expression)
    if formula is None:
        write_value(sheet, place, content.value, style)
    else:
        sheet.write_formula(*place, formula, style, value=content.value)


def write_value(sheet: Worksheet, place: tuple[int, int], value: CellValue, style: Format) -> None:
    """Write a value as a cell of its own type."""
    match stored_value(value):
        case None:
            sheet.write_blank(*place, None, style)
        case bool() as truth:
            sheet.write_boolean(*place, truth, style)
        case int() | float() as number:
            sheet.write_number(*place, number, style)
        case date() as day:
            sheet.write_datetime(*place, as_datetime(day), style)
        case text:
            sheet.write_string(*place, text, style)
