"""What the built-in composer does when a review sends its work back.

It makes the same of the same sources each time, so it does not write anew: it takes out what is
not borne out, puts figures right from the workbook, and adds a missing list of sources. What it
cannot put right stays, and the review says so.
"""

from collections.abc import Iterable, Sequence

from app.agents.ports import Revision
from app.artifacts.blocks import (
    Block,
    BulletSlide,
    Callout,
    Card,
    CardSlide,
    ChartSlide,
    Deck,
    DeckKpi,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    QuoteSlide,
    Run,
    Slide,
    SourcesSlide,
    TitleSlide,
)
from app.artifacts.citations import sources_title
from app.schemas.review import Fault, FaultCode
from app.schemas.source import Source
from app.sources import quantities_in

_UNPROVEN = frozenset({FaultCode.NUMBER_UNTRACED, FaultCode.QUOTE_CHANGED})


def revised_document(document: Document, revision: Revision) -> Document:
    """Return the document with its faults put right, as far as that goes."""
    repair = _Repair(revision.faults, document.sources)
    blocks = [kept for block in document.blocks if (kept := repair.block(block)) is not None]
    return document.model_copy(
        update={"blocks": tuple(_without_bare_headings(blocks)), "sources": repair.sources}
    )


def revised_deck(deck: Deck, revision: Revision) -> Deck:
    """Return the deck with its faults put right, as far as that goes."""
    repair = _Repair(revision.faults, deck.sources)
    slides = [kept for slide in deck.slides if (kept := repair.slide(slide)) is not None]
    lacks_list = any(fault.code is FaultCode.SOURCES_MISSING for fault in revision.faults)
    has_list = any(isinstance(slide, SourcesSlide) for slide in slides)
    if lacks_list and repair.sources and not has_list:
        slides.append(SourcesSlide(title=sources_title(deck.language)))
    if not any(not isinstance(slide, TitleSlide | SourcesSlide) for slide in slides):
        return deck
    return deck.model_copy(update={"slides": tuple(slides), "sources": repair.sources})


class _Repair:
    def __init__(self, faults: Sequence[Fault], sources: tuple[Source, ...]) -> None:
        unproven = [fault.written for fault in faults if fault.code in _UNPROVEN]
        quotes = {f.written for f in faults if f.code is FaultCode.QUOTE_CHANGED}
        self._dropped_ids = {source.id for source in sources if source.quote in quotes}
        self._unproven = [written for written in unproven if written]
        self._figures = {
            f.place: f for f in faults if f.code is FaultCode.FIGURES_DIFFER and f.expected
        }
        self.sources = tuple(s for s in sources if s.id not in self._dropped_ids)

    def block(self, block: Block) -> Block | None:
        match block:
            case Paragraph() | Callout():
                runs = self.runs(block.runs)
                return block.model_copy(update={"runs": runs}) if runs else None
            case ListBlock():
                items = tuple(runs for item in block.items if (runs := self.runs(item)))
                return block.model_copy(update={"items": items}) if items else None
            case Heading():
                return None if self._is_unproven(block.text) else block
        return block

    def slide(self, slide: Slide) -> Slide | None:
        notes = getattr(slide, "notes", "")
        if notes and self._is_unproven(notes):
            slide = slide.model_copy(update={"notes": ""})
        kept: Slide | None = slide
        match slide:
            case BulletSlide():
                items = tuple(runs for item in slide.items if (runs := self.runs(item)))
                kept = slide.model_copy(update={"items": items}) if items else None
            case CardSlide():
                kept = self._cards(slide)
            case QuoteSlide():
                kept = slide if self.runs((slide.quote,)) else None
            case ChartSlide():
                kpis = tuple(k for kpi in slide.kpis if (k := self._kpi(kpi)) is not None)
                kept = slide.model_copy(update={"kpis": kpis})
        return kept

    def runs(self, runs: Iterable[Run]) -> tuple[Run, ...]:
        kept = (run for run in runs if not self._is_unproven(run.text))
        return tuple(run for run in kept if not self._dropped_ids & set(run.source_ids))

    def _cards(self, slide: CardSlide) -> Slide | None:
        cards = tuple(
            Card(title=card.title, runs=runs)
            for card in slide.cards
            if (runs := self.runs(card.runs)) and not self._is_unproven(card.title)
        )
        if len(cards) < 2:
            items = tuple(card.runs for card in cards)
            return BulletSlide(title=slide.title, items=items) if items else None
        return slide.model_copy(update={"cards": cards})

    def _kpi(self, kpi: DeckKpi) -> DeckKpi | None:
        differing = self._figures.get(kpi.label)
        if differing is not None and differing.written == kpi.value:
            return kpi.model_copy(update={"value": differing.expected})
        is_unproven = self._is_unproven(kpi.value) or self._is_unproven(kpi.label)
        return None if is_unproven else kpi

    def _is_unproven(self, text: str) -> bool:
        """Say whether a text holds a number or quote that the review could not trace."""
        found = {quantity.written for quantity in quantities_in(text)}
        return any(
            written in found or (len(written.split()) > 2 and written in text)
            for written in self._unproven
        )


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without headings that nothing stands under any more."""
    kept: list[Block] = []
    for block in blocks:
        is_heading = isinstance(block, Heading)
        while is_heading and kept and isinstance(kept[-1], Heading) and _is_below(kept[-1], block):
            kept.pop()
        kept.append(block)
    while kept and isinstance(kept[-1], Heading):
        kept.pop()
    return kept


def _is_below(last: Block, block: Block) -> bool:
    return isinstance(last, Heading) and isinstance(block, Heading) and last.level >= block.level
