"""From the lines of PDF pages to paragraphs, headings, and tables where they are plain to see."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.schemas.source import PassageKind
from app.sources.readers.pdf_columns import order_columns
from app.sources.readers.pdf_lines import Line
from app.sources.readers.pdf_style import PageStyle
from app.sources.readers.pdf_tables import find_tables
from app.sources.reading import Block, HeadingPath, TextBlock
from app.sources.tables import Grid, RawCell
from app.sources.tables.headers import count_header_rows

_BULLET = re.compile(
    r"^(?:[\u2022\u25cf\u25cb\u25aa\u25a0\u25a1\u25e6\u2023\u00b7\u203b\uf0b7\u2219*]|[-\u2013](?=\s)"
    r"|\(?\d{1,2}[.)](?=\s)|[\u2460-\u2473]|[a-z]\)|[\uac00-\ud558][.)](?=\s))\s*"
)
_SENTENCE_END = re.compile(r"[.!?:;\u3002\u2026][\"'\u201d\u2019)\]]*$")
_SPACING = 1.35
_FULL_LINE_SHARE = 0.82
_SAME_COLUMN_PT = 20.0
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# Korean lines may break inside a word, a number, or between the two.
_KOREAN_BREAK = re.compile(r"[\uac00-\ud7a3\d]{2}")


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]

    @property
    def first_page(self) -> int:
        return self.lines[0].page

    @property
    def locator(self) -> str:
        first, last = self.lines[0].page, self.lines[-1].page
        return f"p. {first}" if first == last else f"pp. {first}-{last}"


def page_blocks(pages: Sequence[Sequence[Line]], style: PageStyle) -> Iterator[Block]:
    """Yield the blocks of all pages; a paragraph may run on from one page to the next."""
    layout = _Layout(style)
    for page in pages:
        yield from layout.page(order_columns(page))
    yield from layout.flush()


class _Layout:
    """Goes through the lines once, with the paragraph and the headings under construction."""

    def __init__(self, style: PageStyle) -> None:
        self._style = style
        self._path = HeadingPath()
        self._lines: list[Line] = []
        self._heading: list[Line] = []
        self._tables = 0
        self._titled = False
        self._table_head: list[RawCell] = []
        self._table_end: Line | None = None

    def page(self, lines: Sequence[Line]) -> Iterator[Block]:
        """Yield what the lines of a page complete."""
        done = 0
        for area in find_tables(lines):
            for line in lines[done : area.start]:
                yield from self._line(line)
            yield from self.flush()
            yield self._table(lines[area.start : area.end], area.rows)
            done = area.end
        for line in lines[done:]:
            yield from self._line(line)

    def flush(self) -> Iterator[Block]:
        """Yield the paragraph under construction."""
        yield from self._end_paragraph()
        yield from self._end_heading()

    def _line(self, line: Line) -> Iterator[Block]:
        self._table_end = None
        level = self._style.heading_level(line)
        if level is not None:
            yield from self._end_paragraph()
            if self._heading and not self._is_same_heading(line):
                yield from self._end_heading()
            self._heading.append(line)
            return
        yield from self._end_heading()
        if self._lines and not self._continues(line):
            yield from self._end_paragraph()
        self._lines.append(line)

    def _is_same_heading(self, line: Line) -> bool:
        last = self._heading[-1]
        is_near = 0 < last.y - line.y < line.size * 2
        return last.page == line.page and last.size == line.size and is_near

    def _end_heading(self) -> Iterator[Block]:
        if not self._heading:
            return
        lines, self._heading = self._heading, []
        text = " ".join(line.text for line in lines)
        if text == self._style.title and not self._titled:
            self._titled = True
            return
        level = self._style.heading_level(lines[0]) or 1
        self._path.enter(level, text)
        yield from ()

    def _continues(self, line: Line) -> bool:
        last = self._lines[-1]
        if _BULLET.match(line.text) or abs(last.size - line.size) > 0.6:
            return False
        is_ended = _SENTENCE_END.search(last.text) is not None
        gap = last.y - line.y
        if last.page != line.page or gap < 0:
            return not is_ended and not line.text[:1].isupper()
        if gap > self._style.leading * _SPACING or (last.is_bold and not line.is_bold):
            return False
        is_indented = line.x > last.x + line.size * 0.8
        return not (is_ended and (is_indented or self._is_short(last)))

    def _is_short(self, line: Line) -> bool:
        return line.end < self._style.right_edge * _FULL_LINE_SHARE

    def _end_paragraph(self) -> Iterator[Block]:
        if not self._lines:
            return
        paragraph = _Paragraph(self._lines)
        self._lines = []
        text = self._join(paragraph.lines)
        marker = _BULLET.match(text)
        is_item = marker is not None and not marker.group()[:1].isdigit()
        yield TextBlock(
            text=f"- {text[marker.end() :]}" if marker is not None and is_item else text,
            locator=paragraph.locator,
            section=self._path.path,
            kind=PassageKind.LIST if marker else PassageKind.PARAGRAPH,
        )

    def _join(self, lines: Sequence[Line]) -> str:
        text = lines[0].text
        for last, line in pairwise(lines):
            text = self._join_two(text, line.text, has_space=last.has_space_after)
        return text

    def _join_two(self, text: str, following: str, *, has_space: bool) -> str:
        """Join over a line end: hyphens go, unless the word has one elsewhere too."""
        if re.search(r"[A-Za-z]-$", text) and following[:1].islower():
            compound = (
                text.rsplit(maxsplit=1)[-1] + re.split(r"[^A-Za-z]", following, maxsplit=1)[0]
            )
            is_compound = compound.lower() in self._style.compounds
            return (text if is_compound else text[:-1]) + following
        is_unspaced = bool(_KOREAN_BREAK.fullmatch(text[-1:] + following[:1]))
        is_unspaced = is_unspaced and _HANGUL.search(text) is not None
        if is_unspaced and self._style.keeps_spaces and not has_space:
            return text + following
        return f"{text} {following}"

    def _table(self, lines: Sequence[Line], rows: list[list[RawCell]]) -> Grid:
        self._tables += 1
        numbers = list(range(1, len(rows) + 1))
        if self._is_continued(lines[0], rows):
            rows.insert(0, self._table_head)
            numbers.insert(0, 1)
        self._table_head, self._table_end = rows[0], lines[-1]
        return Grid(
            rows=rows,
            numbers=numbers,
            section=self._path.path,
            place=f"p. {lines[0].page}, table {self._tables}",
        )

    def _is_continued(self, first: Line, rows: Sequence[Sequence[RawCell]]) -> bool:
        """A table at the top of a page goes on from the page before when it has no header."""
        last = self._table_end
        if last is None or last.page != first.page - 1 or len(last.cells) != len(first.cells):
            return False
        is_aligned = all(
            abs(a.x - b.x) <= _SAME_COLUMN_PT for a, b in zip(last.cells, first.cells, strict=True)
        )
        return is_aligned and count_header_rows(rows, has_header=None) == 0
