"""One sentence of a source, large, with its mark and who said it."""

from app.artifacts.blocks import QuoteSlide
from app.artifacts.characters import clean_line
from app.artifacts.citations import citation_mark, cited_numbers
from app.artifacts.pptx.fitting import TextSpace, fit_text
from app.artifacts.pptx.geometry import BODY, Box
from app.artifacts.pptx.pieces import plain, with_mark
from app.artifacts.pptx.shapes import Look, add_bar, add_text_box, write_lines
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.deck
# Set a little above the middle, where the eye looks for it.
_INDENT, _BAR_WIDTH, _TOP, _RISE = 30.0, 5.0, 24.0, 12.0
_LARGEST, _SMALLEST, _LEAST_ATTRIBUTION = 34.0, 14.0, 10.0
_ATTRIBUTION_SIZE, _ATTRIBUTION_HEIGHT, _GAP = 15.0, 40.0, 18.0
_OPENING, _CLOSING = "“", "”"


def write_quote(writing: SlideWriting, slide: QuoteSlide) -> None:
    """Write the quote, a bar to its left, and its attribution below."""
    words = clean_line(slide.quote.text).strip('"“”')
    mark = citation_mark(cited_numbers(slide.quote.source_ids, writing.numbers))
    room = BODY.height - _TOP - _ATTRIBUTION_HEIGHT - _GAP
    space = TextSpace(
        width=BODY.width - _INDENT,
        height=room,
        largest=_LARGEST,
        smallest=_SMALLEST,
        bold=True,
    )
    fitted = fit_text([plain(f"{_OPENING}{words}{_CLOSING}")], space) if words else None
    height = fitted.height + 2 if fitted else 0.0
    top = BODY.top + max(_TOP, (BODY.height - height - _GAP - _ATTRIBUTION_HEIGHT) / 2 - _RISE)
    attribution = Box(
        left=BODY.left + _INDENT,
        top=top + height + _GAP,
        width=BODY.width - _INDENT,
        height=_ATTRIBUTION_HEIGHT,
    )
    if fitted:
        box = Box(left=BODY.left + _INDENT, top=top, width=BODY.width - _INDENT, height=height)
        bar = Box(left=BODY.left, top=top, width=_BAR_WIDTH, height=height)
        add_bar(writing.slide, bar, _PALETTE.accent_mid)
        look = Look(size=fitted.size, colour=_PALETTE.title)
        frame = add_text_box(writing.slide, box, "Quote")
        write_lines(frame, fitted.lines, look, writing.language)
    _write_attribution(writing, attribution, clean_line(slide.attribution), mark)


def _write_attribution(writing: SlideWriting, box: Box, words: str, mark: str) -> None:
    if not words and not mark:
        return
    space = TextSpace(
        width=box.width,
        height=box.height,
        largest=_ATTRIBUTION_SIZE,
        smallest=_LEAST_ATTRIBUTION,
    )
    fitted = fit_text([with_mark(plain(words), mark)], space)
    frame = add_text_box(writing.slide, box, "Attribution")
    look = Look(size=fitted.size, colour=_PALETTE.muted)
    write_lines(frame, fitted.lines, look, writing.language)
