"""How a claim points at its source: numbers, marks, and the words of a source list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.artifacts.blocks import (
    BulletSlide,
    CardSlide,
    ChartSlide,
    QuoteSlide,
    Run,
    Slide,
    TableSlide,
)
from app.artifacts.characters import clean_line
from app.artifacts.formatting import format_date
from app.schemas.locator import shown_locator
from app.schemas.source import Language, Source

_SOURCES_TITLE: Mapping[Language, str] = {"en": "Sources", "ko": "출처"}
_RETRIEVED: Mapping[Language, str] = {"en": "retrieved {date}", "ko": "{date} 확인"}
_OPENING_QUOTE, _CLOSING_QUOTE = "“", "”"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One entry of a source list, as words.

    `place` is where to look ("supply.xlsx, Sheet1!A2:D21"); `quote` has its quotation marks.
    """

    number: int
    title: str
    place: str
    url: str | None
    quote: str


def sources_title(language: Language) -> str:
    """Return the heading of a source list."""
    return _SOURCES_TITLE[language]


def citation_numbers(sources: Sequence[Source]) -> dict[str, int]:
    """Map each source's id to its number: its place in `sources`, from 1."""
    numbers: dict[str, int] = {}
    for number, source in enumerate(sources, start=1):
        numbers.setdefault(source.id, number)
    return numbers


def cited_numbers(source_ids: Iterable[str], numbers: Mapping[str, int]) -> tuple[int, ...]:
    """Return the numbers to print for a claim, ascending, each once.

    An id that names no source gives no number; the gate reports it (`unknown_source_ids`).
    """
    return tuple(sorted({numbers[id] for id in source_ids if id in numbers}))


def citation_mark(cited: Iterable[int]) -> str:
    """Print numbers as marks: "[1][3]"; nothing for no numbers."""
    return "".join(f"[{number}]" for number in cited)


def unknown_source_ids(source_ids: Iterable[str], sources: Sequence[Source]) -> tuple[str, ...]:
    """List the ids, each once, that name none of the sources."""
    known = {source.id for source in sources}
    return tuple(dict.fromkeys(id for id in source_ids if id not in known))


def source_entries(sources: Sequence[Source], language: Language) -> tuple[SourceEntry, ...]:
    """Write every source as an entry of a source list, numbered from 1."""
    return tuple(
        _source_entry(number, source, language) for number, source in enumerate(sources, start=1)
    )


def _source_entry(number: int, source: Source, language: Language) -> SourceEntry:
    title = clean_line(source.title) or clean_line(source.file_name or "") or source.id
    located = shown_locator(source.locator, language)
    places = [clean_line(source.file_name or ""), clean_line(located)]
    if source.retrieved_at is not None:
        seen_on = format_date(source.retrieved_at.date(), language)
        places.append(_RETRIEVED[language].format(date=seen_on))
    quote = clean_line(source.quote)
    return SourceEntry(
        number=number,
        title=title,
        place=", ".join(place for place in places if place and place != title),
        url=clean_line(source.url) if source.url else None,
        quote=f"{_OPENING_QUOTE}{quote}{_CLOSING_QUOTE}" if quote else "",
    )


def cited_sources(slide: Slide) -> tuple[str, ...]:
    """List the ids of the sources that a slide rests on, each once."""
    match slide:
        case BulletSlide():
            points = _ids(run for item in slide.items for run in item)
            found: Iterable[str] = (*slide.source_ids, *points)
        case CardSlide():
            texts = _ids(run for card in slide.cards for run in card.runs)
            found = (*slide.source_ids, *texts)
        case QuoteSlide():
            found = slide.quote.source_ids
        case ChartSlide():
            kpis = (id for kpi in slide.kpis for id in kpi.source_ids)
            found = (*slide.source_ids, *kpis)
        case TableSlide():
            found = slide.source_ids
        case _:
            found = ()
    return tuple(dict.fromkeys(found))


def _ids(runs: Iterable[Run]) -> Iterator[str]:
    return (id for run in runs for id in run.source_ids)
