"""Make text fit its box: smaller in steps, then shorter at a sentence's or a word's end."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.artifacts.pptx.geometry import LINE_HEIGHT
from app.artifacts.pptx.pieces import Line, cut, joined, text_length, text_only
from app.artifacts.text_width import line_count

BOLD_EXCESS = 1.06
_SAFETY = 0.98
_SENTENCE_ENDS = (". ", "? ", "! ", "。")
_SENTENCE_FROM, _WORD_FROM = 0.6, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpace:
    """The room for text, in points. `gap` is the space between paragraphs, in em."""

    width: float
    height: float
    largest: float
    smallest: float
    bold: bool = False
    gap: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedText:
    """Text that fits, and the type size that it fits at."""

    size: float
    lines: tuple[Line, ...]
    height: float


def fit_text(paragraphs: Sequence[Line], space: TextSpace) -> FittedText:
    """Fit paragraphs into a space; no paragraph is left out while there is a line for each."""
    size = space.largest
    while size > space.smallest and text_height(paragraphs, space, size) > space.height:
        size = max(size - 1, space.smallest)
    lines = tuple(paragraphs)
    if text_height(lines, space, size) > space.height:
        lines = _shortened(lines, space, size)
    return FittedText(size=size, lines=lines, height=text_height(lines, space, size))


def text_height(paragraphs: Sequence[Line], space: TextSpace, size: float) -> float:
    """Return the height of paragraphs at a type size, in points."""
    counts = [_line_count(line, space, size) for line in paragraphs]
    gaps = max(len(counts) - 1, 0) * space.gap
    return (sum(counts) * LINE_HEIGHT + gaps) * size


def fits(paragraphs: Sequence[Line], space: TextSpace) -> bool:
    """Whether paragraphs fit at the smallest size without being shortened."""
    return text_height(paragraphs, space, space.smallest) <= space.height


def _line_count(line: Line, space: TextSpace, size: float) -> int:
    excess = BOLD_EXCESS if space.bold or any(piece.bold for piece in line) else 1.0
    return line_count(joined(line), space.width * _SAFETY / (size * excess))


def _shortened(paragraphs: tuple[Line, ...], space: TextSpace, size: float) -> tuple[Line, ...]:
    gaps = max(len(paragraphs) - 1, 0) * space.gap
    room = max(int((space.height / size - gaps) / LINE_HEIGHT + 1e-6), 1)
    counts = [_line_count(line, space, size) for line in paragraphs]
    while sum(counts) > room and max(counts) > 1:
        counts[counts.index(max(counts))] -= 1
    shortened = tuple(
        _shorten(line, space, size, count) for line, count in zip(paragraphs, counts, strict=True)
    )
    return shortened[:room]


def _shorten(line: Line, space: TextSpace, size: float, lines: int) -> Line:
    if _line_count(line, space, size) <= lines:
        return line
    low, high = 0, text_length(line)
    while low < high:
        middle = (low + high + 1) // 2
        if _line_count(cut(line, middle), space, size) <= lines:
            low = middle
        else:
            high = middle - 1
    return cut(line, _natural_end(text_only(line), low))


def _natural_end(text: str, length: int) -> int:
    """Return the last end of a sentence or a word before `length` that keeps most of the text."""
    head = text[:length]
    sentence = max((head.rfind(end) + 1 for end in _SENTENCE_ENDS), default=0)
    if sentence > length * _SENTENCE_FROM:
        return sentence
    word = head.rfind(" ") if text[length : length + 1].strip() else length
    return word if word > length * _WORD_FROM else length
