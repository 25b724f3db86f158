"""The empty presentation: 16:9, three layouts on the house grid, house styles in the master."""

from collections.abc import Iterable

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import SlideLayout
from pptx.util import Pt

from app.artifacts.pptx.geometry import (
    BODY,
    COVER_TITLE,
    FOOTER,
    NUMBER,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    TITLE,
    Box,
)
from app.artifacts.pptx.xml import child, remove
from app.artifacts.themes import HOUSE_THEME

COVER_LAYOUT, BODY_LAYOUT, OPEN_LAYOUT = "Title Slide", "Title and Content", "Title Only"
_KEPT = (COVER_LAYOUT, BODY_LAYOUT, OPEN_LAYOUT)
_BOXES: dict[PP_PLACEHOLDER, Box] = {
    PP_PLACEHOLDER.TITLE: TITLE,
    PP_PLACEHOLDER.CENTER_TITLE: COVER_TITLE,
    PP_PLACEHOLDER.SUBTITLE: Box(
        left=COVER_TITLE.left, top=350, width=COVER_TITLE.width, height=60
    ),
    PP_PLACEHOLDER.BODY: BODY,
    PP_PLACEHOLDER.OBJECT: BODY,
    PP_PLACEHOLDER.FOOTER: FOOTER,
    PP_PLACEHOLDER.SLIDE_NUMBER: NUMBER,
}


def new_presentation() -> Deck:
    """Return an empty 16:9 presentation in the house style."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(SLIDE_WIDTH), Pt(SLIDE_HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)
    _arrange(deck.slide_master.placeholders)
    for layout in deck.slide_layouts:
        _arrange(layout.placeholders)
    _style_master(deck)
    return deck


def layout_named(deck: Deck, name: str) -> SlideLayout:
    """Return one of the three layouts."""
    return next(layout for layout in deck.slide_layouts if layout.name == name)


def _arrange(placeholders: Iterable[BaseShape]) -> None:
    for shape in list(placeholders):
        kind = shape.placeholder_format.type
        box = _BOXES.get(kind)
        if box is None:
            remove(shape.element)
        else:
            shape.left, shape.top, shape.width, shape.height = box.emu()
            _clear_insets(shape)


def _clear_insets(shape: BaseShape) -> None:
    body = child(shape.element, "p:txBody", "a:bodyPr")
    for side in ("lIns", "tIns", "rIns", "bIns"):
        body.set(side, "0")
    body.set("anchor", "t")
    for old in list(body):
        body.remove(old)


def _style_master(deck: Deck) -> None:
    styles = child(deck.slide_master.element, "p:txStyles")
    title = child(styles, "p:titleStyle", "a:lvl1pPr")
    title.set("algn", "l")
    _style_level(title, HOUSE_THEME.deck.title, "tx2", bold=True)
    for level, paragraph in enumerate(child(styles, "p:bodyStyle")):
        size = max(HOUSE_THEME.deck.body - 2 * level, HOUSE_THEME.deck.kpi_label)
        _style_level(paragraph, size, "tx1", bold=False)


def _style_level(paragraph: etree._Element, size: float, colour: str, *, bold: bool) -> None:
    run = child(paragraph, "a:defRPr")
    run.set("sz", str(int(size * 100)))
    run.set("b", str(int(bold)))
    child(run, "a:solidFill", "a:schemeClr").set("val", colour)
