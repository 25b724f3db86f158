"""Cards side by side, numbered through the parts of a slide."""

from app.artifacts.blocks import CardSlide
from app.artifacts.characters import clean_line
from app.artifacts.pptx.fitting import FittedText, TextSpace, fit_text
from app.artifacts.pptx.geometry import BODY, LINE_HEIGHT, Box, columns
from app.artifacts.pptx.pieces import marked, plain
from app.artifacts.pptx.shapes import Look, add_panel, prepared, write_lines
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.deck
_GAP, _PADDING = 20.0, 22.0
_TITLE_GAP, _BODY_GAP = 10.0, 12.0
_SMALLEST_TITLE, _SMALLEST_BODY, _LARGEST_BODY = 13.0, 10.0, 22.0
_MOST_TITLE_LINES = 3
_NUMBER_HEIGHT = _SIZES.card_number * LINE_HEIGHT


def write_cards(writing: SlideWriting, slide: CardSlide) -> None:
    """Write the cards of one slide, as tall as the body and in one type size."""
    if not slide.cards:
        return
    boxes = columns(BODY, len(slide.cards), _GAP)
    inner_width = boxes[0].width - 2 * _PADDING
    titles = _fit_titles(slide, inner_width)
    title_height = max(title.height for title in titles)
    bodies = _fit_bodies(slide, inner_width, title_height, writing)
    for place, box in enumerate(boxes):
        number = f"{writing.page.first + place:02d}"
        _write_card(writing, box, number, titles[place], bodies[place])


def _fit_titles(slide: CardSlide, width: float) -> list[FittedText]:
    space = TextSpace(
        width=width,
        height=_SIZES.card_title * LINE_HEIGHT * _MOST_TITLE_LINES,
        largest=_SIZES.card_title,
        smallest=_SMALLEST_TITLE,
        bold=True,
    )
    lines = [[plain(clean_line(card.title))] for card in slide.cards]
    size = min(fit_text(line, space).size for line in lines)
    return [fit_text(line, _at_size(space, size)) for line in lines]


def _fit_bodies(
    slide: CardSlide, width: float, title_height: float, writing: SlideWriting
) -> list[FittedText]:
    above = _PADDING + _NUMBER_HEIGHT + _TITLE_GAP + title_height + _BODY_GAP
    space = TextSpace(
        width=width,
        height=BODY.height - above - _PADDING,
        largest=_LARGEST_BODY,
        smallest=_SMALLEST_BODY,
    )
    lines = [[marked(card.runs, writing.numbers)] for card in slide.cards]
    size = min(fit_text(line, space).size for line in lines)
    return [fit_text(line, _at_size(space, size)) for line in lines]


def _at_size(space: TextSpace, size: float) -> TextSpace:
    return TextSpace(
        width=space.width, height=space.height, largest=size, smallest=size, bold=space.bold
    )


def _write_card(
    writing: SlideWriting, box: Box, number: str, title: FittedText, body: FittedText
) -> None:
    panel = add_panel(writing.slide, box, f"Card {number}", fill=_PALETTE.white, line=_PALETTE.rule)
    frame = prepared(panel.text_frame, horizontal=_PADDING, vertical=_PADDING)
    language = writing.language
    look = Look(size=_SIZES.card_number, colour=_PALETTE.accent_mid, bold=True)
    write_lines(frame, [plain(number)], look, language)
    look = Look(size=title.size, colour=_PALETTE.title, bold=True, gap=_TITLE_GAP)
    write_lines(frame, title.lines, look, language)
    look = Look(size=body.size, gap=_BODY_GAP, mark_colour=_PALETTE.muted)
    write_lines(frame, body.lines, look, language)
