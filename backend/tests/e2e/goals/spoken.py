"""The sentences of what was made: for readers, not for machines."""

import io
import re
import zipfile
from collections.abc import Iterator

from app.agents.results import AgentResult
from app.artifacts.blocks import (
    BulletSlide,
    Callout,
    CardSlide,
    ChartSlide,
    Deck,
    Document,
    Heading,
    Paragraph,
    QuoteSlide,
    Run,
    Slide,
)
from app.artifacts.blocks.document import Figure, ListBlock, Table

_TAG = re.compile(r"<[^>]+>")


def document_texts(document: Document) -> Iterator[str]:
    """Yield the running text of a document, block by block."""
    for block in document.blocks:
        match block:
            case Paragraph() | Callout():
                yield _joined(block.runs)
            case ListBlock():
                yield from (_joined(item) for item in block.items)
            case Heading():
                yield block.text
            case Figure() | Table():
                yield block.caption


def deck_texts(deck: Deck) -> Iterator[str]:
    """Yield what stands on the slides, the cover and the list of sources left out."""
    for slide in deck.slides:
        if slide.kind not in {"title", "sources"}:
            yield slide.title
            yield from _slide_texts(slide)


def _slide_texts(slide: Slide) -> Iterator[str]:
    match slide:
        case BulletSlide():
            yield from (_joined(item) for item in slide.items)
        case CardSlide():
            yield from (f"{card.title}. {_joined(card.runs)}" for card in slide.cards)
        case ChartSlide():
            yield from (f"{kpi.value} {kpi.label}" for kpi in slide.kpis)
        case QuoteSlide():
            yield slide.quote.text


def result_texts(result: AgentResult) -> Iterator[str]:
    """Yield the running text of whatever a step made."""
    if result.document is not None:
        yield from document_texts(result.document)
    if result.deck is not None:
        yield from deck_texts(result.deck)
    if result.synthesis is not None:
        yield from result.synthesis.highlights


def all_text(content: bytes) -> str:
    """Return every text in an Office file: body, notes, properties, embedded sources."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(n) for n in package.namelist() if n.endswith((".xml", ".rels"))]
    return " ".join(_TAG.sub("", part.decode("utf-8")) for part in parts)


def _joined(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)
