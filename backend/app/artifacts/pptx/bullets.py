"""Bullets in the body placeholder, so that the outline view shows them."""

from lxml import etree
from pptx.oxml.ns import qn
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Pt

from app.artifacts.blocks import BulletSlide
from app.artifacts.pptx.bullet_space import BULLET_INDENT, bullet_space, item_lines
from app.artifacts.pptx.fitting import fit_text
from app.artifacts.pptx.shapes import Look, prepared, write_lines
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.pptx.xml import remove
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette


def write_bullets(writing: SlideWriting, slide: BulletSlide) -> None:
    """Write the bullets of one slide."""
    frame = body_frame(writing)
    lines = item_lines(slide.items, writing.numbers)
    if frame is None or not lines:
        return
    space = bullet_space(lines)
    fitted = fit_text(lines, space)
    for place, line in enumerate(fitted.lines):
        look = Look(
            size=fitted.size,
            gap=fitted.size * space.gap if place else 0,
            mark_colour=_PALETTE.muted,
        )
        for paragraph in write_lines(frame, [line], look, writing.language):
            _set_bullet(paragraph)


def body_frame(writing: SlideWriting) -> TextFrame | None:
    """Return the body placeholder's frame; an unused one is taken off the slide."""
    shape = writing.slide.placeholders[1]
    used = writing.page.entries or getattr(writing.page.slide, "items", ())
    if used:
        return prepared(shape.text_frame)
    remove(shape.element)
    return None


def remove_bullet(paragraph: _Paragraph) -> None:
    """Set a paragraph of the body flush left, without a bullet."""
    properties = _properties(paragraph)
    properties.set("marL", "0")
    properties.set("indent", "0")
    etree.SubElement(properties, qn("a:buNone"))


def _set_bullet(paragraph: _Paragraph) -> None:
    properties = _properties(paragraph)
    indent = int(Pt(BULLET_INDENT))
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    colour = etree.SubElement(properties, qn("a:buClr"))
    etree.SubElement(colour, qn("a:schemeClr")).set("val", "accent1")
    etree.SubElement(properties, qn("a:buFont")).set("typeface", "Arial")
    etree.SubElement(properties, qn("a:buChar")).set("char", "•")


def _properties(paragraph: _Paragraph) -> etree._Element:
    element = paragraph._p  # noqa: SLF001 - python-pptx has no public way to bullets
    return element.get_or_add_pPr()
