"""What a document says, paragraph by paragraph."""

from collections.abc import Iterator

from app.agents.review.statement import Statement, spoken
from app.artifacts.blocks import Block, Callout, Document, Figure, Heading, ListBlock, Paragraph


def document_statements(document: Document) -> Iterator[Statement]:
    """Yield title, headings, paragraphs, points and captions in reading order."""
    place = document.title
    for text in (document.title, document.subtitle, document.eyebrow):
        yield Statement(place=place, text=text, is_heading=True)
    for block in document.blocks:
        if isinstance(block, Heading):
            place = block.text
        yield from _block_statements(block, place)


def _block_statements(block: Block, place: str) -> Iterator[Statement]:
    match block:
        case Heading():
            yield Statement(place=place, text=block.text, is_heading=True)
        case Paragraph():
            yield spoken(place, block.runs)
        case ListBlock():
            yield from (spoken(place, item) for item in block.items)
        case Callout():
            yield Statement(place=place, text=block.label, is_heading=True)
            yield spoken(place, block.runs)
        case Figure():
            yield Statement(place=place, text=block.caption, is_heading=True)
            yield Statement(place=place, text=block.chart.title, is_heading=True)
        case _:
            yield Statement(place=place, text=block.caption, is_heading=True)
