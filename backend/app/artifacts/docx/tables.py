"""Data tables: a repeated header row, figures flush right, light rules, a bold total."""

from dataclasses import dataclass
from typing import Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph

from app.artifacts.blocks import Table
from app.artifacts.captions import part_label
from app.artifacts.characters import clean_line, is_right_to_left
from app.artifacts.docx.captions import write_caption
from app.artifacts.docx.column_widths import ColumnNeed, column_groups, column_need, share_width
from app.artifacts.docx.ooxml import border, element, shading, twips, valued
from app.artifacts.docx.page import TEXT_WIDTH_PT
from app.artifacts.docx.styles import TABLE_STYLE
from app.artifacts.docx.text import Look, add_text, mark_right_to_left
from app.artifacts.docx.writing import Writing, element_of
from app.artifacts.formatting import NO_VALUE
from app.artifacts.grid import Grid, table_grid
from app.artifacts.themes import HOUSE_THEME

_PADDING_PT = 14.0
_KEPT_TOGETHER_ROWS = 14
_PALETTE = HOUSE_THEME.palette
_RowKind = Literal["header", "body", "total"]


def write_table(writing: Writing, table: Table) -> None:
    """Write a table with its caption; one too wide for the page becomes several."""
    if not table.columns:
        return
    grid = table_grid(table.columns, table.rows, writing.language, has_total=table.has_total)
    needs = _needs(grid)
    groups = column_groups(needs, TEXT_WIDTH_PT)
    for part, indices in enumerate(groups, start=1):
        caption = table.caption
        if len(groups) > 1:
            caption = f"{caption} ({part_label(part, len(groups), writing.language)})"
        write_caption(writing, "table", caption, table.source_ids)
        widths = share_width([needs[index] for index in indices], TEXT_WIDTH_PT)
        setting = _Setting(writing=writing, grid=grid.columns(indices), widths_pt=widths)
        writing.add_element(_table(setting, clean_line(caption)))
        writing.add_spacer()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A table about to be set."""

    writing: Writing
    grid: Grid
    widths_pt: tuple[float, ...]


def _needs(grid: Grid) -> tuple[ColumnNeed, ...]:
    size = HOUSE_THEME.document.table
    return tuple(
        column_need(
            heading, [row[index] for row in grid.rows], size_pt=size, padding_pt=_PADDING_PT
        )
        for index, heading in enumerate(grid.headings)
    )


def _table(setting: _Setting, caption: str) -> BaseOxmlElement:
    grid = setting.grid
    built = element("w:tbl", None, _table_properties(caption), _table_grid(setting.widths_pt))
    built.append(_row(grid.headings, setting, "header"))
    last = len(grid.rows) - 1
    for index, texts in enumerate(grid.rows):
        row = _row(texts, setting, "total" if grid.is_total(index) else "body")
        if last < _KEPT_TOGETHER_ROWS and index != last:
            _keep_with_next(row)
        built.append(row)
    return built


def _table_properties(caption: str) -> BaseOxmlElement:
    return element(
        "w:tblPr",
        None,
        valued("w:tblStyle", TABLE_STYLE),
        element("w:tblW", {"w:w": twips(TEXT_WIDTH_PT), "w:type": "dxa"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblLook", {"w:val": "0420", "w:firstRow": "1", "w:lastRow": "0"}),
        valued("w:tblCaption", caption),
    )


def _table_grid(widths_pt: tuple[float, ...]) -> BaseOxmlElement:
    columns = (element("w:gridCol", {"w:w": twips(width)}) for width in widths_pt)
    return element("w:tblGrid", None, *columns)


def _row(texts: tuple[str, ...], setting: _Setting, kind: _RowKind) -> BaseOxmlElement:
    properties = element("w:trPr", None, element("w:cantSplit"))
    if kind == "header":
        properties.append(element("w:tblHeader"))
    row = element("w:tr", None, properties)
    cells = zip(texts, setting.grid.right_aligned, setting.widths_pt, strict=True)
    for text, is_right, width in cells:
        paragraph = _cell_text(text, setting.writing, kind)
        if is_right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        row.append(element("w:tc", None, _cell_properties(width, kind), element_of(paragraph)))
    return row


def _cell_properties(width_pt: float, kind: _RowKind) -> BaseOxmlElement:
    properties = element(
        "w:tcPr", None, element("w:tcW", {"w:w": twips(width_pt), "w:type": "dxa"})
    )
    if kind == "header":
        properties.append(element("w:tcBorders", None, border("bottom", _PALETTE.rule, 6)))
        properties.append(shading(_PALETTE.header_fill))
    if kind == "total":
        properties.append(element("w:tcBorders", None, border("top", _PALETTE.muted, 8)))
    properties.append(valued("w:vAlign", "bottom" if kind == "header" else "center"))
    return properties


def _cell_text(text: str, writing: Writing, kind: _RowKind) -> DocxParagraph:
    paragraph = writing.loose_paragraph("TableHead" if kind == "header" else "TableText")
    if is_right_to_left(text):
        mark_right_to_left(paragraph)
    colour = _PALETTE.strong if kind == "total" else None
    if text == NO_VALUE:
        colour = _PALETTE.muted
    add_text(paragraph, text, Look(bold=kind == "total", colour=colour))
    return paragraph


def _keep_with_next(row: BaseOxmlElement) -> None:
    for style in row.iter(qn("w:pStyle")):
        style.addnext(element("w:keepNext"))
