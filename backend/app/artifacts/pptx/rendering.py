"""Write a deck as a .pptx file."""

import io
from datetime import datetime, time

from pptx.presentation import Presentation

from app.artifacts.blocks import (
    BulletSlide,
    CardSlide,
    ChartSlide,
    Deck,
    QuoteSlide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
)
from app.artifacts.captions import locale_tag
from app.artifacts.characters import clean_line, clean_model
from app.artifacts.citations import citation_numbers, cited_numbers, cited_sources, source_entries
from app.artifacts.embedded_sources import source_parts
from app.artifacts.ooxml import house_theme, read_part, rewrite_parts
from app.artifacts.pptx.bullets import write_bullets
from app.artifacts.pptx.cards import write_cards
from app.artifacts.pptx.charts import write_chart
from app.artifacts.pptx.cover import write_cover
from app.artifacts.pptx.frame import write_foot, write_head, write_notes
from app.artifacts.pptx.gate import check_pptx
from app.artifacts.pptx.pages import Page, deck_pages
from app.artifacts.pptx.quotes import write_quote
from app.artifacts.pptx.source_list import write_source_list
from app.artifacts.pptx.tables import write_table
from app.artifacts.pptx.template import (
    BODY_LAYOUT,
    COVER_LAYOUT,
    OPEN_LAYOUT,
    layout_named,
    new_presentation,
)
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.report import RenderedFile
from app.artifacts.themes import HOUSE_THEME

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_MAIN_PART = "ppt/presentation.xml"
_THEME_FOLDER = "ppt/theme/"


def render(deck: Deck, name: str) -> RenderedFile:
    """Write a deck and check it. The same blocks give the same bytes.

    Args:
        deck: what to write. What is too much for one slide goes on the next one.
        name: the file's name, with ".pptx".
    """
    content = _write(clean_model(deck))
    return RenderedFile(
        name=name, media_type=MEDIA_TYPE, content=content, report=check_pptx(content, deck)
    )


def _write(deck: Deck) -> bytes:
    file = new_presentation()
    _set_properties(file, deck)
    for number, page in enumerate(deck_pages(deck), start=1):
        _write_page(file, deck, page, number)
    buffer = io.BytesIO()
    file.save(buffer)
    content = buffer.getvalue()
    parts = source_parts(content, deck.sources, _MAIN_PART)
    return rewrite_parts(content, {**parts, **_house_themes(content)})


def _house_themes(content: bytes) -> dict[str, bytes]:
    themes = {}
    for number in (1, 2):
        name = f"{_THEME_FOLDER}theme{number}.xml"
        xml = read_part(content, name)
        if xml is not None:
            themes[name] = house_theme(xml)
    return themes


def _set_properties(file: Presentation, deck: Deck) -> None:
    moment = datetime.combine(deck.created_on, time())
    properties = file.core_properties
    properties.title = clean_line(deck.title)[:255]
    properties.author = properties.last_modified_by = HOUSE_THEME.name
    properties.language = locale_tag(deck.language)
    properties.created = properties.modified = moment
    properties.revision = 1
    properties.keywords = properties.subject = properties.comments = ""


def _write_page(file: Presentation, deck: Deck, page: Page, number: int) -> None:
    layouts = {
        TitleSlide: COVER_LAYOUT,
        BulletSlide: BODY_LAYOUT,
        SourcesSlide: BODY_LAYOUT,
    }
    layout = layout_named(file, layouts.get(type(page.slide), OPEN_LAYOUT))
    numbers = citation_numbers(deck.sources)
    entries = source_entries(deck.sources, deck.language)
    cited = cited_numbers(cited_sources(page.slide), numbers)
    writing = SlideWriting(
        slide=file.slides.add_slide(layout),
        page=page,
        number=number,
        language=deck.language,
        created_on=deck.created_on,
        numbers=numbers,
        entries=entries,
        cited=tuple(entries[place - 1] for place in cited),
    )
    _write_slide(writing)


def _write_slide(writing: SlideWriting) -> None:
    slide = writing.page.slide
    if isinstance(slide, TitleSlide):
        write_cover(writing, slide)
        return
    write_head(writing, "" if isinstance(slide, SourcesSlide) else slide.eyebrow)
    match slide:
        case BulletSlide():
            write_bullets(writing, slide)
        case ChartSlide():
            write_chart(writing, slide)
        case CardSlide():
            write_cards(writing, slide)
        case TableSlide():
            write_table(writing, slide)
        case QuoteSlide():
            write_quote(writing, slide)
        case SourcesSlide():
            write_source_list(writing)
    write_foot(writing)
    write_notes(writing, "" if isinstance(slide, SourcesSlide) else slide.notes)
