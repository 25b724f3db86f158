"""A deliverable as a review reads it: what it says, which figures and grids it shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.agents.results import AgentResult
from app.agents.review.document_content import document_statements
from app.agents.review.grids import Grid, deck_grids, document_grids, workbook_grids
from app.agents.review.statement import Statement, spoken
from app.artifacts.blocks import (
    BulletSlide,
    CardSlide,
    ChartSlide,
    Deck,
    QuoteSlide,
    Sheet,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
    Workbook,
)
from app.schemas.source import Language, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a deliverable holds. `has_body`: there is more than titles and sources."""

    language: Language
    statements: tuple[Statement, ...]
    grids: tuple[Grid, ...]
    sources: tuple[Source, ...]
    has_body: bool

    @property
    def text(self) -> str:
        """All that it says."""
        return "\n".join(statement.text for statement in self.statements)

    @property
    def headings(self) -> str:
        """Its headings and titles."""
        return "\n".join(s.text for s in self.statements if s.is_heading)


def content_of(made: AgentResult) -> Content | None:
    """Read a result's deliverable; None when it has none."""
    if made.document is not None:
        document = made.document
        return Content(
            language=document.language,
            statements=tuple(document_statements(document)),
            grids=tuple(document_grids(document)),
            sources=document.sources,
            has_body=any(block.kind not in {"heading", "callout"} for block in document.blocks),
        )
    if made.deck is not None:
        deck = made.deck
        return Content(
            language=deck.language,
            statements=tuple(_deck_statements(deck)),
            grids=tuple(deck_grids(deck)),
            sources=deck.sources,
            has_body=any(not isinstance(s, TitleSlide | SourcesSlide) for s in deck.slides),
        )
    return _workbook_content(made.workbook) if made.workbook is not None else None


def _workbook_content(book: Workbook) -> Content:
    tables = [table for sheet in book.sheets for table in sheet.tables]
    return Content(
        language=book.language,
        statements=tuple(_workbook_statements(book)),
        grids=tuple(workbook_grids(book)),
        sources=book.sources,
        has_body=any(table.rows for table in tables),
    )


def _workbook_statements(book: Workbook) -> Iterator[Statement]:
    yield Statement(place=book.title, text=book.title, is_heading=True)
    for sheet in book.sheets:
        yield from _sheet_statements(sheet)


def _sheet_statements(sheet: Sheet) -> Iterator[Statement]:
    place = sheet.name
    yield Statement(place=place, text=sheet.title, is_heading=True)
    if sheet.note:
        # A note says how its sheet was made; what it rests on is cited at the tables.
        yield spoken(place, sheet.note).cited_by(ids for t in sheet.tables for ids in t.source_ids)
    for table in sheet.tables:
        yield Statement(place=place, text=table.title, is_heading=True)


def _deck_statements(deck: Deck) -> Iterator[Statement]:
    for number, slide in enumerate(deck.slides, start=1):
        place = f"슬라이드 {number}" if deck.language == "ko" else f"slide {number}"
        yield from _slide_statements(slide, place)


def _slide_statements(slide: Slide, place: str) -> Iterator[Statement]:
    yield Statement(place=place, text=slide.title, is_heading=True)
    if isinstance(slide, TitleSlide):
        yield Statement(place=place, text=slide.subtitle, is_heading=True)
    elif not isinstance(slide, SourcesSlide):
        yield from _body(slide, place)
        # What the speaker says rests on what the slide shows.
        yield Statement(place=place, text=slide.notes, source_ids=("notes",))


def _body(
    slide: BulletSlide | CardSlide | QuoteSlide | ChartSlide | TableSlide, place: str
) -> Iterator[Statement]:
    match slide:
        case BulletSlide():
            yield from (spoken(place, item, slide.source_ids) for item in slide.items)
        case CardSlide():
            for card in slide.cards:
                yield Statement(place=place, text=card.title, is_heading=True)
                yield spoken(place, card.runs, slide.source_ids)
        case QuoteSlide():
            yield spoken(place, (slide.quote,)).as_quote()
        case ChartSlide():
            yield from _figures(slide, place)


def _figures(slide: ChartSlide, place: str) -> Iterator[Statement]:
    for kpi in slide.kpis:
        ids = (*kpi.source_ids, *slide.source_ids)
        yield Statement(place=place, text=f"{kpi.label}: {kpi.value}", source_ids=ids)


def uncited_shows(made: AgentResult) -> tuple[str, ...]:
    """Return the captions and titles of tables and charts of a document or deck without source."""
    return tuple(_uncited(made))


def _uncited(made: AgentResult) -> Iterator[str]:
    blocks: Sequence[object] = made.document.blocks if made.document is not None else ()
    for block in blocks:
        if getattr(block, "kind", "") in {"table", "figure"} and not _ids(block):
            yield str(getattr(block, "caption", ""))
    slides: Iterable[Slide] = made.deck.slides if made.deck is not None else ()
    for slide in slides:
        if isinstance(slide, TableSlide | ChartSlide) and not slide.source_ids:
            yield slide.title


def _ids(block: object) -> tuple[str, ...]:
    return tuple(getattr(block, "source_ids", ()))
