"""Cell formats in the house look, made once for each use."""

import xlsxwriter
from xlsxwriter.format import Format

from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

BODY_SIZE = 10
KPI_SIZE = 18
FONTS: dict[Language, str] = {
    "en": HOUSE_THEME.latin_font,
    "ko": HOUSE_THEME.east_asian_font,
}
_PALETTE = HOUSE_THEME.palette
_LEFT, _RIGHT, _CENTRE = "left", "right", "vcenter"
Property = str | int | float | bool


class Styles:
    """The formats of one workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Property], ...], Format] = {}

    def title(self, *, wrapped: bool) -> Format:
        """The title of a sheet."""
        return self._format(
            bold=True, font_size=16, font_color=_PALETTE.title, valign=_CENTRE, text_wrap=wrapped
        )

    def note(self) -> Format:
        """The note below the title."""
        return self._format(
            font_size=9.5, font_color=_PALETTE.muted, valign="top", text_wrap=True, align=_LEFT
        )

    def kpi_label(self) -> Format:
        """The words over a headline figure."""
        return self._format(
            font_size=9,
            font_color=_PALETTE.muted,
            bg_color=_PALETTE.tint,
            align=_LEFT,
            valign="bottom",
            indent=1,
            text_wrap=True,
        )

    def kpi_value(self, code: str) -> Format:
        """A headline figure."""
        return self._format(
            bold=True,
            font_size=KPI_SIZE,
            font_color=_PALETTE.accent,
            bg_color=_PALETTE.tint,
            align=_LEFT,
            valign=_CENTRE,
            indent=1,
            num_format=code,
        )

    def table_title(self) -> Format:
        """The title of a table."""
        return self._format(bold=True, font_size=11.5, font_color=_PALETTE.title, valign=_CENTRE)

    def header(self, *, right: bool) -> Format:
        """A column header."""
        return self._format(
            bold=True,
            font_color=_PALETTE.title,
            bg_color=_PALETTE.header_fill,
            bottom=2,
            bottom_color=_PALETTE.accent,
            align=_RIGHT if right else _LEFT,
            valign=_CENTRE,
            indent=1,
            text_wrap=True,
        )

    def body(self, code: str, *, right: bool, wrapped: bool = False) -> Format:
        """A cell of a table."""
        return self._format(
            num_format=code,
            bottom=1,
            bottom_color=_PALETTE.grid,
            align=_RIGHT if right else _LEFT,
            valign=_CENTRE,
            indent=1,
            text_wrap=wrapped,
        )

    def total(self, code: str, *, right: bool) -> Format:
        """A cell of a totals row."""
        return self._format(
            num_format=code,
            bold=True,
            font_color=_PALETTE.title,
            bg_color=_PALETTE.tint,
            top=1,
            top_color=_PALETTE.accent,
            align=_RIGHT if right else _LEFT,
            valign=_CENTRE,
            indent=1,
        )

    def link(self) -> Format:
        """An address in a table."""
        return self._format(
            font_color=_PALETTE.accent,
            underline=True,
            bottom=1,
            bottom_color=_PALETTE.grid,
            valign=_CENTRE,
            indent=1,
            text_wrap=True,
        )

    def _format(self, **properties: Property) -> Format:
        coloured = {
            name: f"#{value}" if name.endswith("color") else value
            for name, value in properties.items()
        }
        coloured.setdefault("font_color", f"#{_PALETTE.strong}")
        key = tuple(sorted(coloured.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(coloured)
        return self._made[key]
