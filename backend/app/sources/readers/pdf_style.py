"""What is usual in a PDF: body size, spacing, heading sizes, and the lines at page edges."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.sources.readers.pdf_lines import Line

_EDGE_SHARE = 0.13
_EDGE_LINES = 3
_PAGE_OFFSET = 3
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.?|쪽)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*(?:쪽|페이지)?\W*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_HEADING_RATIO = 1.12
_MAX_HEADING_CHARS = 120
_MAX_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The usual measures of a document, in points; heading sizes from large to small."""

    body_size: float
    leading: float
    is_bold: bool
    right_edge: float
    heading_sizes: tuple[float, ...]
    title: str
    compounds: frozenset[str]
    keeps_spaces: bool

    def heading_level(self, line: Line) -> int | None:
        """Return the level of a heading line, None for other lines."""
        text = line.text
        if len(line.cells) > 1 or len(text) > _MAX_HEADING_CHARS or not _has_letters(text):
            return None
        if line.size >= self.body_size * _HEADING_RATIO:
            return 1 + self.heading_sizes.index(line.size)
        is_label = line.is_bold and not self.is_bold and text[-1] not in ".!?,;"
        return 1 + len(self.heading_sizes) if is_label else None


def drop_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out page numbers, and lines that return at the edge of half of the pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_signature(line) for line in _edge_lines(page)})
    filled = sum(1 for page in pages if page)
    running = {text for text, count in counts.items() if count >= max(2, filled / 2)}
    kept: list[list[Line]] = []
    for page in pages:
        edge = {id(line) for line in _edge_lines(page)}
        kept.append([line for line in page if not (id(line) in edge and _runs(line, running))])
    return kept


def measure(pages: Sequence[Sequence[Line]]) -> PageStyle:
    """Measure a document."""
    lines = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
        bold[line.is_bold] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted(
        {line.size for line in lines if line.size >= body * _HEADING_RATIO}, reverse=True
    )
    text = " ".join(line.text for line in lines)
    spaced = sum(line.has_space_after for line in lines)
    return PageStyle(
        body_size=body,
        leading=_leading(pages, body),
        is_bold=bold.most_common(1)[0][0],
        right_edge=max((line.end for line in lines if line.size == body), default=0.0),
        heading_sizes=tuple(larger),
        title=_title(pages, larger),
        compounds=frozenset(re.findall(r"[a-z]+-[a-z]+", text.lower())),
        keeps_spaces=spaced > len(lines) * 0.2,
    )


def _edge_lines(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.y)
    top = [line for line in by_height[:_EDGE_LINES] if line.height_share > 1 - _EDGE_SHARE]
    bottom = [line for line in by_height[-_EDGE_LINES:] if line.height_share < _EDGE_SHARE]
    return top + bottom


def _signature(line: Line) -> str:
    """The text with the page number, give or take unnumbered pages, left open."""

    def fold(match: re.Match[str]) -> str:
        return "#" if abs(int(match[0][:6]) - line.page) <= _PAGE_OFFSET else match[0]

    return _DIGITS.sub(fold, line.text)


def _runs(line: Line, running: set[str]) -> bool:
    is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
    return is_number or _signature(line) in running


def _leading(pages: Sequence[Sequence[Line]], body: float) -> float:
    gaps = Counter(round(gap * 2) / 2 for page in pages for gap in _gaps(page, body))
    if not gaps:
        return body * 1.3
    # Of the common gaps the smallest: lines of one paragraph stand closest.
    often = max(gaps.values()) / 3
    return min(gap for gap, count in gaps.items() if count >= often)


def _gaps(page: Sequence[Line], body: float) -> Iterator[float]:
    for above, below in pairwise(page):
        gap = above.y - below.y
        if above.size == below.size == body and body * 0.8 < gap < body * 4:
            yield gap


def _title(pages: Sequence[Sequence[Line]], larger: Sequence[float]) -> str:
    if not larger or not pages:
        return ""
    lines = [line.text for line in pages[0] if line.size == larger[0]]
    title = " ".join(lines)
    return title if 0 < len(title) <= _MAX_TITLE_CHARS else ""


def _has_letters(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 2
