"""How many slides a deck takes in its file, where long lists run on to a further slide.

The room is that of the deck renderer: points of type on its grid. A test compares the count with
the rendered file.
"""

from collections.abc import Iterable, Sequence

from app.artifacts.blocks import (
    BulletSlide,
    Deck,
    Slide,
    SourcesSlide,
    plain_text,
)
from app.artifacts.citations import SourceEntry, cited_sources, source_entries
from app.artifacts.text_width import line_count
from app.schemas.source import Language, Source

_BODY_HEIGHT, _LINE_HEIGHT, _SAFETY = 350.0, 1.2, 0.98
_POINT_SIZE, _POINT_WIDTH, _POINT_GAP, _MOST_POINTS = 14.0, 822.0, 0.65, 6
_SOURCE_SIZE, _SOURCE_WIDTH, _SOURCE_GAP, _BOLD = 13.0, 844.0, 0.6, 1.06
_MOST_TITLE_CHARS, _MOST_PLACE_CHARS, _MOST_QUOTE_CHARS = 110, 110, 182
_MARK_CHARS = 6


def slide_count_of(deck: Deck) -> int:
    """Return the number of slides of the file."""
    return sum(_slides_of(slide, deck) for slide in deck.slides)


def fitting_points(slide: BulletSlide) -> BulletSlide:
    """Keep the points that fit one slide."""
    items = slide.items[:_MOST_POINTS]
    while len(items) > 1 and not _points_fit([plain_text(item) for item in items]):
        items = items[:-1]
    return slide.model_copy(update={"items": items})


def cited_ids(slides: Iterable[Slide]) -> tuple[str, ...]:
    """Return the ids of the sources that the slides cite, in order, each once."""
    return tuple(dict.fromkeys(id for slide in slides for id in cited_sources(slide)))


def _slides_of(slide: Slide, deck: Deck) -> int:
    return _source_slides(deck.sources, deck.language) if isinstance(slide, SourcesSlide) else 1


def _source_slides(sources: Sequence[Source], language: Language) -> int:
    """Fill slide after slide, as the renderer does."""
    slides, height = 1, 0.0
    for entry in source_entries(sources, language):
        lines = line_count(_entry_text(entry), _SOURCE_WIDTH * _SAFETY / (_SOURCE_SIZE * _BOLD))
        needed = lines * _LINE_HEIGHT * _SOURCE_SIZE
        gap = _SOURCE_GAP * _SOURCE_SIZE if height else 0.0
        if height and height + gap + needed > _BODY_HEIGHT:
            slides, height, gap = slides + 1, 0.0, 0.0
        height += gap + needed
    return slides


def _entry_text(entry: SourceEntry) -> str:
    parts = (
        f"[{entry.number}] {entry.title[:_MOST_TITLE_CHARS]}",
        entry.place[:_MOST_PLACE_CHARS],
        (entry.url or "")[:_MOST_PLACE_CHARS],
        entry.quote[:_MOST_QUOTE_CHARS],
    )
    return "  ".join(part for part in parts if part)


def _points_fit(texts: Sequence[str]) -> bool:
    width = _POINT_WIDTH * _SAFETY / _POINT_SIZE
    lines = sum(line_count(f"{text}{'x' * _MARK_CHARS}", width) for text in texts)
    gaps = (len(texts) - 1) * _POINT_GAP
    return (lines * _LINE_HEIGHT + gaps) * _POINT_SIZE <= _BODY_HEIGHT
