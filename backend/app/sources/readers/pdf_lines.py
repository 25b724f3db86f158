"""The lines of a PDF page, from the pieces of text and where they are drawn."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pypdf import PageObject

# Widths of characters as in common fonts, in parts of the font size.
_WIDTHS_EM = (
    ("iljtfrI.,:;|!'()[]{} /-", 0.3),
    ("mwMW@%", 0.85),
    ("ABCDEFGHKNOPQRSTUVXYZ&", 0.68),
    ("0123456789$+=<>~#", 0.556),
)
_WIDTH_EM = {char: width for chars, width in _WIDTHS_EM for char in chars}
_LETTER_EM = 0.52
_WIDE_EM = 0.95
# A gap wider than this, in parts of the font size, begins a new cell.
_CELL_GAP_EM = 1.6
_SAME_LINE_EM = 0.35
# Starts that near lines share begin a cell after a smaller gap already.
_ALIGNED_PT = 1.5
_ALIGNED_GAP_EM = 0.1
_NEIGHBOURS = ((-1, 1), (1, 2), (-2, -1))
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-b\b|,b\b", re.IGNORECASE)

Matrix = Sequence[float]


@dataclass(slots=True)
class Span:
    """A piece of text with the place of its start, in points, y upwards."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool

    @property
    def end(self) -> float:
        """The estimated place of its end."""
        return self.x + text_width(self.text, self.size)


@dataclass(slots=True)
class Cell:
    """Text of a line without a wide gap in it."""

    text: str
    x: float
    end: float


@dataclass(slots=True)
class Line:
    """Spans at one height. `has_space_after` says that the line's text ended in a space."""

    page: int
    x: float
    y: float
    size: float
    is_bold: bool
    height_share: float
    spans: list[Span] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    has_space_after: bool = False

    @property
    def text(self) -> str:
        """The text of the line, cells apart by one space."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def end(self) -> float:
        """The estimated place of its end."""
        return self.cells[-1].end


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text, in points."""
    return size * sum(
        _WIDE_EM if char >= "\u1100" else _WIDTH_EM.get(char, _LETTER_EM) for char in text
    )


def page_lines(page: PageObject, number: int) -> list[Line]:
    """Return the lines of a page in the order in which they are drawn."""
    spans: list[Span] = []

    def visit(
        text: str, cm: Matrix, tm: Matrix, font: dict[str, object] | None, size: float
    ) -> None:
        for index, piece in enumerate(text.split("\n")):
            if piece.strip() and index == 0:
                spans.append(_span(piece, cm, tm, font, size))
            elif piece.strip():
                below = _span(piece, cm, tm, font, size)
                below.y -= index * below.size * 1.2
                spans.append(below)
            elif piece and index == 0 and spans:
                # Some programs draw each space by itself; without it Korean words run together.
                spans[-1].text += " "

    page.extract_text(visitor_text=visit)
    height = float(page.mediabox.height) or 1.0
    bottom = float(page.mediabox.bottom)
    groups = _groups(spans)
    lines = [_line(group, number, (group[0].y - bottom) / height) for group in groups]
    for index, (line, group) in enumerate(zip(lines, groups, strict=True)):
        line.cells = list(_cells(group, _aligned_starts(groups, index)))
    return [line for line in lines if line.cells]


def _span(text: str, cm: Matrix, tm: Matrix, font: dict[str, object] | None, size: float) -> Span:
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    # The text matrix scales the size given with the font.
    scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[2]) or 1.0
    name = str((font or {}).get("/BaseFont", ""))
    return Span(text, x, y, round(abs(size) * scale, 1) or 1.0, bool(_BOLD.search(name)))


def _groups(spans: Sequence[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in spans:
        last = groups[-1][-1] if groups else None
        if last is not None and _is_same_line(last, span):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _is_same_line(last: Span, span: Span) -> bool:
    reach = max(last.size, span.size) * _SAME_LINE_EM
    return abs(last.y - span.y) <= reach and span.x >= last.x


def _line(spans: Sequence[Span], page: int, height_share: float) -> Line:
    longest = max(spans, key=lambda span: len(span.text))
    return Line(
        page=page,
        x=spans[0].x,
        y=spans[0].y,
        size=longest.size,
        is_bold=all(span.is_bold for span in spans),
        height_share=height_share,
        spans=list(spans),
        has_space_after=spans[-1].text.endswith(" "),
    )


def _aligned_starts(groups: Sequence[Sequence[Span]], index: int) -> set[float]:
    """Return the starts of spans that two neighbouring lines have at the same place."""
    starts = {span.x for span in groups[index][1:]}
    aligned: set[float] = set()
    for first, second in _NEIGHBOURS:
        if not (0 <= index + first < len(groups) and 0 <= index + second < len(groups)):
            continue
        near = (groups[index + first], groups[index + second])
        aligned |= {x for x in starts if all(_starts_at(group, x) for group in near)}
    return aligned


def _starts_at(group: Sequence[Span], x: float) -> bool:
    return any(abs(span.x - x) <= _ALIGNED_PT for span in group[1:])


def _cells(spans: Sequence[Span], aligned: set[float]) -> Iterator[Cell]:
    run: list[Span] = []
    for span in spans:
        if run:
            gap = span.x - run[-1].end
            is_column = span.x in aligned and gap > _ALIGNED_GAP_EM * span.size
            is_apart = is_column or gap > _CELL_GAP_EM * span.size
            if is_apart and not _is_bullet(run):
                yield from _cell(run)
                run = []
        run.append(span)
    yield from _cell(run)


def _is_bullet(run: Sequence[Span]) -> bool:
    text = "".join(span.text for span in run).strip()
    return len(text) == 1 and not text.isalnum()


def _cell(run: Sequence[Span]) -> Iterator[Cell]:
    joined = "".join(span.text for span in run)
    if _is_bullet(run[:1]):
        joined = f"{run[0].text.strip()} " + "".join(span.text for span in run[1:])
    text = " ".join(joined.split())
    if text:
        yield Cell(text, run[0].x, max(span.end for span in run))
