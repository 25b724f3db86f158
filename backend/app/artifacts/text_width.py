"""Measure and wrap text without a font file: wide characters 1.0 em, all others 0.55 em."""

import unicodedata
from collections.abc import Iterator

WIDE_EM = 1.0
NARROW_EM = 0.55
_ELLIPSIS = "…"
_FORMAT_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Cc"})


def em_width(text: str) -> float:
    """Return the width of one line of text in em."""
    return sum(map(_character_em, text))


def width_pt(text: str, size_pt: float) -> float:
    """Return the width of one line of text in points at a type size."""
    return em_width(text) * size_pt


def wrap_text(text: str, width_em: float) -> tuple[str, ...]:
    """Break text into lines no wider than `width_em`.

    Lines break at spaces, and inside a word only when the word is wider than a line. A line holds
    at least one character, however narrow the box. Empty text gives one empty line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, width_em))
    return tuple(lines)


def line_count(text: str, width_em: float) -> int:
    """Return how many lines the text takes in a box `width_em` wide."""
    return len(wrap_text(text, width_em))


def truncate_text(text: str, width_em: float) -> str:
    """Cut one line of text to a width, ending in an ellipsis where something was cut."""
    if em_width(text) <= width_em:
        return text
    kept, used = [], _character_em(_ELLIPSIS)
    for character in text:
        used += _character_em(character)
        if used > width_em:
            break
        kept.append(character)
    return "".join(kept).rstrip() + _ELLIPSIS


def _character_em(character: str) -> float:
    if character.isascii():
        return NARROW_EM if character.isprintable() else 0.0
    if unicodedata.category(character) in _FORMAT_CATEGORIES:
        return 0.0
    return WIDE_EM if unicodedata.east_asian_width(character) in {"W", "F"} else NARROW_EM


def _wrap_paragraph(text: str, width_em: float) -> Iterator[str]:
    line = ""
    for piece in _pieces(text, width_em):
        candidate = f"{line} {piece}" if line else piece
        if line and em_width(candidate) > width_em:
            yield line
            line = piece
        else:
            line = candidate
    yield line


def _pieces(text: str, width_em: float) -> Iterator[str]:
    for word in text.split():
        yield from _split_word(word, width_em)


def _split_word(word: str, width_em: float) -> Iterator[str]:
    piece, used = "", 0.0
    for character in word:
        advance = _character_em(character)
        if piece and used + advance > width_em:
            yield piece
            piece, used = "", 0.0
        piece += character
        used += advance
    if piece:
        yield piece
