"""Put text and boxes on a slide."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph, _Run
from pptx.util import Pt

from app.artifacts.links import safe_href
from app.artifacts.pptx.geometry import LINE_HEIGHT, Box
from app.artifacts.pptx.pieces import Line, Piece
from app.artifacts.pptx.xml import remove
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_PALETTE = HOUSE_THEME.palette
_LANGUAGES: dict[Language, MSO_LANGUAGE_ID] = {
    "en": MSO_LANGUAGE_ID.ENGLISH_US,
    "ko": MSO_LANGUAGE_ID.KOREAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a text is set. `gap` is the space before it, in points."""

    size: float
    colour: str = _PALETTE.text
    bold: bool = False
    align: PP_ALIGN = PP_ALIGN.LEFT
    gap: float = 0.0
    mark_colour: str | None = None


def add_text_box(slide: Slide, box: Box, name: str) -> TextFrame:
    """Add an empty text box without margins and return its text frame."""
    shape = slide.shapes.add_textbox(*box.emu())
    shape.name = name
    return prepared(shape.text_frame)


def add_panel(slide: Slide, box: Box, name: str, *, fill: str, line: str | None) -> Shape:
    """Add a rectangle with rounded corners and no shadow."""
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *box.emu())
    shape.name = name
    shape.adjustments[0] = min(8.0 / max(min(box.width, box.height), 1.0), 0.5)
    _flatten(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    if line is None:
        shape.line.fill.background()
    else:
        shape.line.color.rgb = RGBColor.from_string(line)
        shape.line.width = Pt(1)
    return shape


def add_bar(slide: Slide, box: Box, colour: str) -> None:
    """Add a plain coloured bar, decoration only."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
    shape.name = "Accent"
    _flatten(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()


def prepared(
    frame: TextFrame,
    *,
    horizontal: float = 0.0,
    vertical: float = 0.0,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> TextFrame:
    """Set margins in points, wrap lines, and leave sizes alone."""
    frame.margin_left = frame.margin_right = Pt(horizontal)
    frame.margin_top = frame.margin_bottom = Pt(vertical)
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    return frame


def write_lines(
    frame: TextFrame, lines: Sequence[Line], look: Look, language: Language
) -> list[_Paragraph]:
    """Write paragraphs into a frame, after what it has."""
    written: list[_Paragraph] = []
    for line in lines:
        paragraph = frame.paragraphs[0]
        if written or paragraph.runs:
            paragraph = frame.add_paragraph()
        write_line(paragraph, line, look, language)
        written.append(paragraph)
    return written


def write_line(paragraph: _Paragraph, line: Line, look: Look, language: Language) -> None:
    """Write one paragraph."""
    paragraph.alignment = look.align
    paragraph.line_spacing = Pt(round(look.size * LINE_HEIGHT, 1))
    paragraph.space_before = Pt(round(look.gap, 1))
    paragraph.space_after = Pt(0)
    for piece in line:
        _write_run(paragraph.add_run(), piece, look, language)


def describe(shape_element: etree._Element, text: str) -> None:
    """Give a shape words for readers who cannot see it."""
    next(shape_element.iter(qn("p:cNvPr"))).set("descr", text)


def _write_run(run: _Run, piece: Piece, look: Look, language: Language) -> None:
    run.text = piece.text
    font = run.font
    font.size = Pt(look.size)
    font.bold = look.bold or piece.bold
    font.italic = piece.italic or None
    colour = look.mark_colour if piece.is_mark and look.mark_colour else look.colour
    font.color.rgb = RGBColor.from_string(colour)
    font.language_id = _LANGUAGES[language]
    href = safe_href(piece.href)
    if href:
        run.hyperlink.address = href


def _flatten(shape: Shape) -> None:
    for style in shape.element.findall(qn("p:style")):
        remove(style)
