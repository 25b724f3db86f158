"""What Word's styles say about a paragraph: heading, list item, table of contents."""

import re

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])", re.IGNORECASE)
_MAX_INHERITANCE = 12
_OUTLINE = f"{qn('w:pPr')}/{qn('w:outlineLvl')}"


class Styles:
    """The paragraph styles of a document, with what they inherit."""

    def __init__(self, document: Document) -> None:
        root = document.styles.element
        self._by_id = {
            style.get(qn("w:styleId")): style for style in root.iterchildren(qn("w:style"))
        }

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """Return 1 to 9 for headings, 0 for the title, None for other paragraphs."""
        own = paragraph.find(_OUTLINE)
        if own is not None:
            return _outline_level(own)
        levels = (_style_level(style) for style in self._chain(paragraph))
        return next((level for level in levels if level is not None), None)

    def is_contents(self, paragraph: etree._Element) -> bool:
        """Say whether the paragraph is a line of a table of contents."""
        return any(_name(style).lower().startswith("toc") for style in self._chain(paragraph))

    def is_list_item(self, paragraph: etree._Element) -> bool:
        """Say whether the paragraph is numbered or bulleted, itself or by its style."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if own is not None:
            return own.get(qn("w:val")) != "0"
        return any(
            style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
            or re.match(r"list (?!paragraph)", _name(style), re.IGNORECASE) is not None
            for style in self._chain(paragraph)
        )

    def is_all_bold(self, paragraph: etree._Element) -> bool:
        """Say whether every run that has text is in bold."""
        runs = [run for run in paragraph.iter(qn("w:r")) if (run.findtext(qn("w:t")) or "").strip()]
        bold = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
        return bool(bold) and all(
            mark is not None and mark.get(qn("w:val")) not in ("0", "false") for mark in bold
        )

    def _chain(self, paragraph: etree._Element) -> list[etree._Element]:
        reference = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style_id = None if reference is None else reference.get(qn("w:val"))
        chain: list[etree._Element] = []
        while style_id in self._by_id and len(chain) < _MAX_INHERITANCE:
            style = self._by_id[style_id]
            chain.append(style)
            base = style.find(qn("w:basedOn"))
            style_id = None if base is None else base.get(qn("w:val"))
        return chain


def _style_level(style: etree._Element) -> int | None:
    name = _name(style)
    if name.lower() == "title":
        return 0
    if (match := _HEADING.fullmatch(name)) is not None:
        return int(match[1])
    level = style.find(_OUTLINE)
    return None if level is None else _outline_level(level)


def _name(style: etree._Element) -> str:
    name = style.find(qn("w:name"))
    return "" if name is None else (name.get(qn("w:val")) or "")


def _outline_level(element: etree._Element) -> int | None:
    value = element.get(qn("w:val")) or ""
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None
