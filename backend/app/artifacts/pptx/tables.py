"""A native table: typed values, figures flush right, a total set apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.table import Table, _Cell
from pptx.util import Pt

from app.artifacts.blocks import TableSlide
from app.artifacts.formatting import column_heading, format_cell, is_right_aligned
from app.artifacts.pptx.fitting import BOLD_EXCESS, TextSpace, fit_text
from app.artifacts.pptx.geometry import BODY, LINE_HEIGHT
from app.artifacts.pptx.pieces import joined, plain
from app.artifacts.pptx.shapes import Look, describe, write_line
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.pptx.xml import child
from app.artifacts.text_width import em_width, line_count
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language, TableColumn

_PALETTE = HOUSE_THEME.palette
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LARGEST, _SMALLEST = 15.0, 9.0
_SIDE, _ABOVE = 10.0, 5.0
_LEAST_EM, _MOST_EM = 5.0, 26.0
_LEAST_ROW = 30.0
_MOST_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """How a table is set: type size, column widths, row heights, the words of every cell."""

    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[tuple[str, ...], ...]


def write_table(writing: SlideWriting, slide: TableSlide) -> None:
    """Write the table of one slide."""
    if not slide.columns:
        return
    layout = lay_out(slide, writing.language)
    shape = writing.slide.shapes.add_table(
        len(layout.cells),
        len(slide.columns),
        Pt(BODY.left),
        Pt(BODY.top),
        Pt(sum(layout.widths)),
        Pt(sum(layout.heights)),
    )
    shape.name = "Table"
    describe(shape.element, writing.page.full_title)
    table = shape.table
    _set_style(table, has_total=slide.has_total)
    for place, width in enumerate(layout.widths):
        table.columns[place].width = Pt(width)
    for place, height in enumerate(layout.heights):
        table.rows[place].height = Pt(height)
    last = len(layout.cells) - 1
    for row, texts in enumerate(layout.cells):
        role = "header" if row == 0 else "total" if slide.has_total and row == last else "body"
        for place, text in enumerate(texts):
            look = _look(role, slide.columns[place], layout.size)
            _write_cell(table.cell(row, place), text, look, role, writing.language)


def lay_out(slide: TableSlide, language: Language) -> TableLayout:
    """Find the largest type size at which every cell is whole; shorten cells at the smallest."""
    texts = [
        tuple(column_heading(column) for column in slide.columns),
        *(
            tuple(
                format_cell(value, column, language)
                for value, column in zip(row, slide.columns, strict=True)
            )
            for row in slide.rows
        ),
    ]
    widths = _widths(texts)
    size = _LARGEST
    while size > _SMALLEST and not _fits(texts, widths, size):
        size -= 1
    cells = tuple(
        tuple(
            _shown(text, width, size, len(texts)) for text, width in zip(row, widths, strict=True)
        )
        for row in texts
    )
    return TableLayout(
        size=size,
        widths=widths,
        heights=tuple(_row_height(row, widths, size) for row in cells),
        cells=cells,
    )


def _widths(texts: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Share the width by the widest cell of each column, within bounds."""
    wishes = [
        min(max(max(map(em_width, column)) + 1.2, _LEAST_EM), _MOST_EM)
        for column in zip(*texts, strict=True)
    ]
    scale = BODY.width / sum(wishes)
    return tuple(wish * scale for wish in wishes)


def _fits(texts: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> bool:
    lines = (
        _lines(text, width, size) for row in texts for text, width in zip(row, widths, strict=True)
    )
    if max(lines) > _MOST_LINES - 1:
        return False
    return sum(_row_height(row, widths, size) for row in texts) <= BODY.height


def _lines(text: str, width: float, size: float) -> int:
    return line_count(text, (width - 2 * _SIDE) * 0.98 / (size * BOLD_EXCESS))


def _row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    lines = max(_lines(text, width, size) for text, width in zip(row, widths, strict=True))
    return max(lines * size * LINE_HEIGHT + 2 * _ABOVE, _LEAST_ROW)


def _shown(text: str, width: float, size: float, row_count: int) -> str:
    room = BODY.height / row_count - 2 * _ABOVE
    lines = max(int(room / (size * LINE_HEIGHT)), 1)
    if _lines(text, width, size) <= lines or size > _SMALLEST:
        return text
    space = TextSpace(
        width=width - 2 * _SIDE,
        height=lines * size * LINE_HEIGHT + 0.1,
        largest=size,
        smallest=size,
        bold=True,
    )
    return joined(fit_text([plain(text)], space).lines[0])


def _look(role: str, column: TableColumn, size: float) -> Look:
    align = PP_ALIGN.RIGHT if is_right_aligned(column) else PP_ALIGN.LEFT
    colour = _PALETTE.text if role == "body" else _PALETTE.title
    return Look(size=size, colour=colour, bold=role != "body", align=align)


def _write_cell(cell: _Cell, text: str, look: Look, role: str, language: Language) -> None:
    cell.margin_left = cell.margin_right = Pt(_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(_ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    write_line(cell.text_frame.paragraphs[0], plain(" ".join(text.split())), look, language)
    fills = {"header": _PALETTE.header_fill, "total": _PALETTE.tint}
    if role in fills:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fills[role])
    else:
        cell.fill.background()
    _draw_rule(cell, role)


def _draw_rule(cell: _Cell, role: str) -> None:
    """Draw the line below a cell; python-pptx has no borders."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way to borders
    strong = role == "header"
    line = etree.Element(qn("a:lnB"))
    line.set("w", str(int(Pt(1.5 if strong else 0.75))))
    fill = etree.SubElement(line, qn("a:solidFill"))
    colour = _PALETTE.accent if strong else _PALETTE.grid
    etree.SubElement(fill, qn("a:srgbClr")).set("val", colour)
    properties.insert(0, line)


def _set_style(table: Table, *, has_total: bool) -> None:
    table.first_row, table.horz_banding, table.last_row = True, False, has_total
    element = table._tbl  # noqa: SLF001 - no public way to the style
    child(element, "a:tblPr", "a:tableStyleId").text = _NO_STYLE
