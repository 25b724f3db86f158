"""Checks of sources: every mark resolves, the list is whole, the file carries the data."""

import re
from collections.abc import Iterator, Sequence

from pptx.slide import Slide

from app.artifacts.blocks import Deck, SourcesSlide
from app.artifacts.characters import clean_model
from app.artifacts.citations import (
    citation_mark,
    citation_numbers,
    cited_numbers,
    cited_sources,
    source_entries,
    unknown_source_ids,
)
from app.artifacts.embedded_sources import read_embedded_sources
from app.artifacts.pptx.pages import Page
from app.artifacts.pptx.pieces import joined
from app.artifacts.pptx.source_space import entry_lines

MARK = re.compile(r"\[(\d{1,2})\]")


def citation_problems(slides: Sequence[Slide], pages: Sequence[Page], deck: Deck) -> Iterator[str]:
    """Yield the claims whose source is unknown, and the marks that are missing or lead nowhere."""
    numbers = citation_numbers(deck.sources)
    for number, (slide, page) in enumerate(zip(slides, pages, strict=True), start=1):
        text = slide_text(slide)
        source_ids = cited_sources(page.slide)
        for unknown in unknown_source_ids(source_ids, deck.sources):
            yield f"slide {number} cites the unknown source {unknown!r}"
        for cited in cited_numbers(source_ids, numbers):
            if citation_mark([cited]) not in text:
                yield f"slide {number} does not show the mark [{cited}]"
        for match in MARK.finditer(text):
            if not 1 <= int(match.group(1)) <= len(deck.sources):
                yield f"slide {number} has the mark {match.group()} of no source"


def list_problems(slides: Sequence[Slide], pages: Sequence[Page], deck: Deck) -> Iterator[str]:
    """Yield the sources that the slides of sources do not list."""
    lists = [
        slide_text(slide)
        for slide, page in zip(slides, pages, strict=True)
        if isinstance(page.slide, SourcesSlide)
    ]
    for entry in source_entries(deck.sources, deck.language):
        line = joined(entry_lines([entry])[0])
        if not any(line in text for text in lists):
            yield f"the list of sources lacks [{entry.number}] {entry.title!r}"


def embedded_problems(content: bytes, deck: Deck) -> Iterator[str]:
    """Yield the difference between the deck's sources and those in the file's own part."""
    if read_embedded_sources(content) != tuple(map(clean_model, deck.sources)):
        yield "the file carries other sources than the deck"


def slide_text(slide: Slide) -> str:
    """Return all text of a slide, a paragraph a line."""
    return "\n".join(
        "".join(str(text) for text in paragraph.xpath(".//a:t/text()"))
        for paragraph in slide.element.xpath(".//a:p")
    )
