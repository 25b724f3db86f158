"""The cover: dark, a short bar, the title large."""

from datetime import date

from pptx.dml.color import RGBColor

from app.artifacts.blocks import TitleSlide
from app.artifacts.characters import clean_line
from app.artifacts.formatting import format_date
from app.artifacts.pptx.fitting import FittedText, TextSpace, fit_text
from app.artifacts.pptx.frame import title_frame
from app.artifacts.pptx.geometry import COVER_BAR, COVER_FOOTER, COVER_TITLE, Box
from app.artifacts.pptx.pieces import plain
from app.artifacts.pptx.shapes import Look, add_bar, add_text_box, prepared, write_lines
from app.artifacts.pptx.titles import fit_title
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.pptx.xml import remove
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.deck
_SMALLEST_SUBTITLE, _FOOTER_SIZE = 14.0, 13.0
_GAP, _SUBTITLE_HEIGHT = 14.0, 76.0


def write_cover(writing: SlideWriting, cover: TitleSlide) -> None:
    """Write the cover; without a footer it shows the date."""
    slide = writing.slide
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = RGBColor.from_string(_PALETTE.title)
    add_bar(slide, COVER_BAR, _PALETTE.accent_mid)
    fitted = _write_title(writing)
    _write_subtitle(writing, clean_line(cover.subtitle), fitted)
    footer = clean_line(cover.footer) or cover_date(writing.created_on, writing.language)
    space = TextSpace(
        width=COVER_FOOTER.width,
        height=COVER_FOOTER.height,
        largest=_FOOTER_SIZE,
        smallest=_FOOTER_SIZE,
    )
    frame = add_text_box(slide, COVER_FOOTER, "Date")
    lines = fit_text([plain(footer)], space).lines
    write_lines(
        frame, lines, Look(size=_FOOTER_SIZE, colour=_PALETTE.accent_light), writing.language
    )


def cover_date(day: date, language: Language) -> str:
    """Return the date of the cover, in words."""
    return format_date(day, language, width="long")


def _write_title(writing: SlideWriting) -> FittedText:
    fitted = fit_title(writing.page.title, writing.page.mark, is_cover=True)
    shape = writing.slide.shapes.title
    if shape is not None:
        top = COVER_TITLE
        box = Box(left=top.left, top=top.top, width=top.width, height=fitted.height + 2)
        shape.left, shape.top, shape.width, shape.height = box.emu()
    look = Look(size=fitted.size, colour=_PALETTE.white, bold=True)
    write_lines(title_frame(writing.slide), fitted.lines, look, writing.language)
    return fitted


def _write_subtitle(writing: SlideWriting, subtitle: str, title: FittedText) -> None:
    shape = writing.slide.placeholders[1]
    if not subtitle:
        remove(shape.element)
        return
    box = Box(
        left=COVER_TITLE.left,
        top=COVER_TITLE.top + title.height + 2 + _GAP,
        width=COVER_TITLE.width,
        height=_SUBTITLE_HEIGHT,
    )
    space = TextSpace(
        width=box.width,
        height=box.height,
        largest=_SIZES.cover_subtitle,
        smallest=_SMALLEST_SUBTITLE,
    )
    fitted = fit_text([plain(subtitle)], space)
    shape.left, shape.top, shape.width, shape.height = box.emu()
    look = Look(size=fitted.size, colour=_PALETTE.accent_light)
    write_lines(prepared(shape.text_frame), fitted.lines, look, writing.language)
