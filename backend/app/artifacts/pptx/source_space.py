"""The room for the list of sources and how its entries are laid out."""

from collections.abc import Sequence

from app.artifacts.citations import SourceEntry
from app.artifacts.pptx.fitting import TextSpace
from app.artifacts.pptx.geometry import BODY
from app.artifacts.pptx.pieces import Line, Piece

_TITLE_LIMIT, _PLACE_LIMIT, _QUOTE_LIMIT = 110, 110, 180
_SIZE = 13.0
SOURCE_GAP = 0.6


def entry_lines(entries: Sequence[SourceEntry]) -> tuple[Line, ...]:
    """Return the entries as paragraphs."""
    return tuple(map(_entry_line, entries))


def source_space() -> TextSpace:
    """Return the room for a list of sources."""
    return TextSpace(
        width=BODY.width, height=BODY.height, largest=_SIZE, smallest=_SIZE, gap=SOURCE_GAP
    )


def shorten(text: str, limit: int) -> str:
    """Cut text to a number of characters, at a word's end where one is near."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ")
    return (head[:word] if word > limit // 2 else head).rstrip() + "…"


def _entry_line(entry: SourceEntry) -> Line:
    place = shorten(entry.place, _PLACE_LIMIT)
    pieces = [
        Piece(text=f"[{entry.number}]", is_mark=True),
        Piece(text=f" {shorten(entry.title, _TITLE_LIMIT)}", bold=True),
    ]
    if place:
        pieces.append(Piece(text=f", {place}"))
    if entry.url:
        pieces.append(Piece(text=", "))
        pieces.append(Piece(text=shorten(entry.url, _PLACE_LIMIT), href=entry.url))
    if entry.quote:
        quote = shorten(entry.quote, _QUOTE_LIMIT)
        pieces.append(Piece(text=f" {quote if quote == entry.quote else quote + '”'}"))
    return tuple(pieces)
