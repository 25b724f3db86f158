"""Word documents: headings, paragraphs, lists, tables and footnotes, in place."""

from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from app.schemas.source import PassageKind
from app.sources.readers.docx_styles import Styles
from app.sources.readers.docx_text import Footnotes, element_text, table_rows
from app.sources.reading import Block, HeadingPath, Reading, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import Grid

_MAX_FAKE_HEADING_CHARS = 60


def read_docx(request: ReadRequest) -> Reading:
    """Read a Word document; deleted text, tables of contents and page headers are left out."""
    document = docx.Document(request.open())
    walker = _Walker(document)
    blocks = list(walker.blocks())
    core_title = (document.core_properties.title or "").strip()
    title = walker.title or _meaningful(core_title)
    return Reading(title=title, blocks=blocks or walker.headings())


def _meaningful(title: str) -> str:
    return "" if title.lower() in ("word document", "document", "untitled") else title


@dataclass(slots=True)
class _Heading:
    level: int
    text: str


class _Walker:
    """Goes through the body once, keeping the heading path."""

    def __init__(self, document: Document) -> None:
        self._body = document.element.body
        self._styles = Styles(document)
        self._footnotes = Footnotes.of(document)
        self._path = HeadingPath()
        self._tables = 0
        self._paragraphs = 0
        self._seen: list[_Heading] = []
        self.title = ""
        elements = list(_block_elements(self._body))
        self._has_styled = any(self._styled_level(e) is not None for e in elements)
        self._elements = elements

    def blocks(self) -> Iterator[Block]:
        """Yield paragraphs, list items, notes and tables in order."""
        for element in self._elements:
            if element.tag == qn("w:tbl"):
                yield from self._table(element)
            else:
                yield from self._paragraph(element)

    def headings(self) -> list[Block]:
        """Return the headings as text, for a document that holds nothing else."""
        return [
            TextBlock(text=h.text, locator=h.text, kind=PassageKind.HEADING) for h in self._seen
        ]

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        text = element_text(element)
        if not text or self._styles.is_contents(element):
            return
        self._paragraphs += 1
        level = self._styled_level(element)
        if level is None:
            level = self._fake_level(element, text)
        if level is not None:
            self._enter(level, text)
            return
        is_item = self._styles.is_list_item(element)
        locator = self._path.path or f"paragraph {self._paragraphs}"
        yield TextBlock(
            text=f"- {text}" if is_item else text,
            locator=locator,
            section=self._path.path,
            kind=PassageKind.LIST if is_item else PassageKind.PARAGRAPH,
        )
        for note in self._footnotes.of_paragraph(element):
            yield TextBlock(
                text=note, locator=locator, section=self._path.path, kind=PassageKind.NOTE
            )

    def _enter(self, level: int, text: str) -> None:
        self._seen.append(_Heading(level, text))
        if level == 0:
            self.title = self.title or text
        else:
            self._path.enter(level, text)

    def _styled_level(self, element: etree._Element) -> int | None:
        return None if element.tag == qn("w:tbl") else self._styles.heading_level(element)

    def _fake_level(self, element: etree._Element, text: str) -> int | None:
        """Without heading styles, a short line all in bold is a heading."""
        is_short = len(text) <= _MAX_FAKE_HEADING_CHARS and text[-1] not in ".!?:;,"
        if self._has_styled or not is_short or not self._styles.is_all_bold(element):
            return None
        return 1

    def _table(self, element: etree._Element) -> Iterator[Block]:
        self._tables += 1
        rows = table_rows(element)
        section = self._path.path
        name = f"table {self._tables}"
        yield Grid(
            rows=rows,
            numbers=list(range(1, len(rows) + 1)),
            section=section,
            place=f"{section}, {name}" if section else name,
            has_header=True if element.find(f".//{qn('w:tblHeader')}") is not None else None,
        )


def _block_elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs and tables, those in content controls and insertions too."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _block_elements(child)
