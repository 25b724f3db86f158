"""Callouts: a shaded one-cell table."""

from app.artifacts.blocks import Callout
from app.artifacts.characters import clean_line
from app.artifacts.docx.ooxml import element, shading, twips, valued
from app.artifacts.docx.page import TEXT_WIDTH_PT
from app.artifacts.docx.styles import CALLOUT_STYLE
from app.artifacts.docx.text import Look, add_runs, add_text, has_content
from app.artifacts.docx.writing import Writing, element_of
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette
_FILLS = {"key": _PALETTE.tint, "warning": _PALETTE.warning_tint}
_LABELS = {"key": _PALETTE.accent, "warning": _PALETTE.warning}


def write_callout(writing: Writing, callout: Callout) -> None:
    """Write a callout: its label in bold, then its text, on a tint."""
    if not clean_line(callout.label) and not has_content(callout.runs):
        return
    paragraph = writing.loose_paragraph("CalloutText")
    label = clean_line(callout.label)
    if label:
        look = Look(bold=True, colour=_LABELS[callout.tone])
        add_text(paragraph, f"{label}  " if callout.runs else label, look)
    add_runs(paragraph, callout.runs, writing.numbers, writing.file.part)
    width = {"w:w": twips(TEXT_WIDTH_PT), "w:type": "dxa"}
    cell = element(
        "w:tc",
        None,
        element("w:tcPr", None, element("w:tcW", width), shading(_FILLS[callout.tone])),
        element_of(paragraph),
    )
    row = element("w:tr", None, element("w:trPr", None, element("w:cantSplit")), cell)
    table = element(
        "w:tbl",
        None,
        element(
            "w:tblPr",
            None,
            valued("w:tblStyle", CALLOUT_STYLE),
            element("w:tblW", width),
            element("w:tblLayout", {"w:type": "fixed"}),
            element("w:tblLook", {"w:val": "0400"}),
        ),
        element("w:tblGrid", None, element("w:gridCol", {"w:w": twips(TEXT_WIDTH_PT)})),
        row,
    )
    writing.add_spacer()
    writing.add_element(table)
    writing.add_spacer()
