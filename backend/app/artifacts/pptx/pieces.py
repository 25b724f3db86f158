"""Text with its marks, before it is laid out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.artifacts.blocks import Run
from app.artifacts.citations import citation_mark, cited_numbers

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text in one style. A mark ("[1]", "(2/2)") is never shortened away."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None
    is_mark: bool = False


Line = tuple[Piece, ...]


def plain(text: str, *, bold: bool = False) -> Line:
    """Return text in one style."""
    return (Piece(text=text, bold=bold),) if text else ()


def marked(runs: Iterable[Run], numbers: Mapping[str, int]) -> Line:
    """Return runs with the marks of their sources after each claim."""
    pieces: list[Piece] = []
    for run in runs:
        text = run.text.replace("\n", " ")
        mark = citation_mark(cited_numbers(run.source_ids, numbers))
        if mark:
            tail = " " if text.endswith(" ") else ""
            text = text.rstrip()
        if text:
            pieces.append(Piece(text=text, bold=run.bold, italic=run.italic, href=run.href))
        if mark:
            pieces.append(Piece(text=f" {mark}{tail}", is_mark=True))
    return tuple(pieces)


def with_mark(line: Line, mark: str) -> Line:
    """Add a mark at the end."""
    return (*line, Piece(text=f" {mark}", is_mark=True)) if mark else line


def joined(line: Sequence[Piece]) -> str:
    """Return the words of a line."""
    return "".join(piece.text for piece in line)


def cut(line: Line, length: int) -> Line:
    """Keep the first characters of the text, add an ellipsis, keep every mark."""
    kept: list[Piece] = []
    left = length
    ended = False
    for piece in line:
        if piece.is_mark:
            kept.append(piece)
        elif not ended:
            text = piece.text[:left]
            left -= len(text)
            ended = left <= 0
            ending = _ELLIPSIS if ended else ""
            kept.append(replace(piece, text=(text.rstrip() if ended else text) + ending))
    return tuple(kept)


def text_length(line: Line) -> int:
    """Return the number of characters that may be cut."""
    return sum(len(piece.text) for piece in line if not piece.is_mark)


def text_only(line: Line) -> str:
    """Return the words without the marks."""
    return "".join(piece.text for piece in line if not piece.is_mark)
