"""A document being written: the open file, and the counters that run through it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import docx
from docx.document import Document as DocxFile
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph

from app.artifacts.blocks import Document
from app.artifacts.captions import CaptionKind
from app.artifacts.citations import citation_numbers
from app.artifacts.docx.numbering import DECIMAL_NUMBERING, add_fresh_numbering
from app.artifacts.docx.ooxml import element, valued
from app.schemas.source import Language

_FIRST_FRESH_NUMBERING = DECIMAL_NUMBERING + 1


@dataclass(slots=True, kw_only=True)
class Writing:
    """What every block writer needs."""

    file: DocxFile
    document: Document
    numbers: Mapping[str, int]
    captions: dict[CaptionKind, int] = field(default_factory=lambda: {"figure": 0, "table": 0})
    _numberings: int = _FIRST_FRESH_NUMBERING
    _drawings: int = 0

    @classmethod
    def start(cls, document: Document) -> "Writing":
        """Open an empty file for a document."""
        return cls(
            file=docx.Document(), document=document, numbers=citation_numbers(document.sources)
        )

    @property
    def language(self) -> Language:
        """The document's language."""
        return self.document.language

    def add_paragraph(self, style_id: str) -> DocxParagraph:
        """Append an empty paragraph in a style to the body."""
        paragraph = self.file.add_paragraph()
        set_style(paragraph, style_id)
        return paragraph

    def loose_paragraph(self, style_id: str) -> DocxParagraph:
        """Build a paragraph that is not in the body yet, for a table cell."""
        paragraph = DocxParagraph(cast("CT_P", element("w:p")), self.file)
        set_style(paragraph, style_id)
        return paragraph

    def add_element(self, built: BaseOxmlElement) -> None:
        """Append an element to the body, before its section properties."""
        self.file.element.body.insert_element_before(built, "w:sectPr")

    def add_spacer(self) -> None:
        """Append the thin paragraph that parts a table from what follows."""
        self.add_paragraph("Spacer")

    def next_caption(self, kind: CaptionKind) -> int:
        """Count one more figure or table."""
        self.captions[kind] += 1
        return self.captions[kind]

    def next_drawing(self) -> int:
        """Count one more drawing; its id is unique in the file."""
        self._drawings += 1
        return self._drawings

    def next_numbering(self) -> int:
        """Define numbering for one more numbered list."""
        id = self._numberings
        self._numberings += 1
        add_fresh_numbering(self.file.part.numbering_part.element, id)
        return id


def set_style(paragraph: DocxParagraph, style_id: str) -> None:
    """Put a paragraph in a style by id."""
    properties = element_of(paragraph).get_or_add_pPr()
    properties.insert(0, valued("w:pStyle", style_id))


def element_of(paragraph: DocxParagraph) -> CT_P:
    """Return a paragraph's element."""
    return paragraph._p  # noqa: SLF001 - needed for what python-docx has no API for
