"""Split a deck into the slides that the file has: what is too much for one goes on the next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.artifacts.blocks import (
    BulletSlide,
    CardSlide,
    ChartSlide,
    Deck,
    Run,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
)
from app.artifacts.characters import clean_line
from app.artifacts.citations import (
    SourceEntry,
    citation_numbers,
    source_entries,
    sources_title,
)
from app.artifacts.pptx.bullet_space import bullet_space, item_lines
from app.artifacts.pptx.fitting import fits
from app.artifacts.pptx.pieces import joined
from app.artifacts.pptx.source_space import entry_lines, source_space
from app.artifacts.pptx.titles import fit_title

MOST_BULLETS, MOST_CARDS, MOST_KPIS, MOST_ROWS, MOST_COLUMNS = 6, 4, 4, 9, 6
_Item = TypeVar("_Item")
_UNTITLED = {"en": "Slide {}", "ko": "슬라이드 {}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One slide of the file. `mark` tells parts of one slide and equal titles apart: "(2/2)".

    `first` is the number of the first card, `entries` the sources to list.
    """

    slide: Slide
    title: str = ""
    mark: str = ""
    first: int = 0
    entries: tuple[SourceEntry, ...] = field(default=())

    @property
    def full_title(self) -> str:
        """The title with its mark, however long."""
        return f"{self.title} {self.mark}".rstrip()


def deck_pages(deck: Deck) -> tuple[Page, ...]:
    """Return the slides of the file. A slide of sources is added where a deck has none."""
    slides: list[Slide] = list(deck.slides)
    if deck.sources and not any(isinstance(slide, SourcesSlide) for slide in slides):
        slides.append(SourcesSlide(title=sources_title(deck.language)))
    if not slides:
        slides.append(TitleSlide(title=deck.title))
    pages: list[Page] = []
    taken: set[str] = set()
    for slide in slides:
        title = _title(slide, deck, len(pages) + 1)
        copy = _copy_mark(title, taken, is_cover=isinstance(slide, TitleSlide))
        parts = _split(slide, deck)
        for number, page in enumerate(parts, start=1):
            part = f"({number}/{len(parts)})" if len(parts) > 1 else ""
            pages.append(replace(page, title=title, mark=f"{copy} {part}".strip()))
    return tuple(pages)


def _title(slide: Slide, deck: Deck, number: int) -> str:
    match slide:
        case TitleSlide():
            second = deck.title
        case SourcesSlide():
            second = sources_title(deck.language)
        case _:
            second = slide.eyebrow
    candidates = (slide.title, second)
    cleaned = (clean_line(candidate) for candidate in candidates)
    return next(filter(None, cleaned), _UNTITLED[deck.language].format(number))


def _copy_mark(title: str, taken: set[str], *, is_cover: bool) -> str:
    """Return "(2)" for the second slide that would show this title, nothing for the first."""
    mark, place = "", 1
    while (shown := _shown_title(title, mark, is_cover=is_cover)) in taken:
        place += 1
        mark = f"({place})"
    taken.add(shown)
    return mark


def _shown_title(title: str, mark: str, *, is_cover: bool) -> str:
    lines = fit_title(title, mark, is_cover=is_cover).lines
    return " ".join(map(joined, lines)).casefold()


def _split(slide: Slide, deck: Deck) -> list[Page]:
    match slide:
        case BulletSlide():
            pages = _bullet_pages(slide, deck)
        case CardSlide():
            pages = _card_pages(slide)
        case ChartSlide():
            pages = _chart_pages(slide)
        case TableSlide():
            pages = _table_pages(slide)
        case _:
            pages = _source_pages(slide, deck)
    return pages


def _source_pages(slide: Slide, deck: Deck) -> list[Page]:
    if not isinstance(slide, SourcesSlide):
        return [Page(slide=slide)]
    entries = source_entries(deck.sources, deck.language)
    groups = _packed(entries, lambda group: fits(entry_lines(group), source_space()))
    return [Page(slide=slide, entries=group) for group in groups or [()]]


def _bullet_pages(slide: BulletSlide, deck: Deck) -> list[Page]:
    numbers: Mapping[str, int] = citation_numbers(deck.sources)

    def fit(items: Sequence[tuple[Run, ...]]) -> bool:
        lines = item_lines(items, numbers)
        return len(items) <= MOST_BULLETS and fits(lines, bullet_space(lines))

    groups = _packed(slide.items, fit)
    evened = _even(slide.items, len(groups))
    if all(map(fit, evened)):
        groups = evened
    return [Page(slide=slide.model_copy(update={"items": group})) for group in groups or [()]]


def _card_pages(slide: CardSlide) -> list[Page]:
    groups = _even(slide.cards, -(-len(slide.cards) // MOST_CARDS))
    pages, first = [], 1
    for group in groups or [()]:
        pages.append(Page(slide=slide.model_copy(update={"cards": group}), first=first))
        first += len(group)
    return pages


def _chart_pages(slide: ChartSlide) -> list[Page]:
    groups = _even(slide.kpis, -(-len(slide.kpis) // MOST_KPIS))
    return [Page(slide=slide.model_copy(update={"kpis": group})) for group in groups or [()]]


def _table_pages(slide: TableSlide) -> list[Page]:
    """Split by rows, then by columns; every part keeps the first column."""
    rows = _even(slide.rows, -(-len(slide.rows) // MOST_ROWS)) or [()]
    others = range(1, len(slide.columns))
    spans = _even(tuple(others), -(-len(others) // (MOST_COLUMNS - 1))) or [()]
    pages = []
    for span in spans:
        places = (0, *span) if slide.columns else ()
        for group_place, group in enumerate(rows):
            is_last = group_place == len(rows) - 1
            part = {
                "columns": tuple(slide.columns[place] for place in places),
                "rows": tuple(
                    tuple(row[place] if place < len(row) else None for place in places)
                    for row in group
                ),
                "has_total": slide.has_total and is_last,
            }
            pages.append(Page(slide=slide.model_copy(update=part)))
    return pages


def _even(items: Sequence[_Item], count: int) -> list[tuple[_Item, ...]]:
    """Split into groups of nearly the same size."""
    if not items or count < 1:
        return []
    size, larger = divmod(len(items), count)
    groups, start = [], 0
    for place in range(count):
        end = start + size + (1 if place < larger else 0)
        groups.append(tuple(items[start:end]))
        start = end
    return groups


def _packed(
    items: Sequence[_Item], fit: Callable[[tuple[_Item, ...]], bool]
) -> list[tuple[_Item, ...]]:
    """Fill group after group; an item that fits nowhere stands alone."""
    groups: list[tuple[_Item, ...]] = []
    group: tuple[_Item, ...] = ()
    for item in items:
        if group and not fit((*group, item)):
            groups.append(group)
            group = ()
        group = (*group, item)
    return [*groups, group] if group else groups
