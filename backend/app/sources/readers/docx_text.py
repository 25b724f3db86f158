"""The text of Word's XML elements: runs, tables, footnotes."""

from collections.abc import Iterator

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from app.sources.tables import RawCell

_SKIPPED = frozenset(
    (
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:instrText"),
        qn("w:pPr"),
        qn("w:rPr"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    )
)
_BREAKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def element_text(element: etree._Element) -> str:
    """Return the text of a paragraph or cell on one line, without deleted text."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _pieces(child)
            if child.tag == qn("w:p"):
                yield " "


def table_rows(table: etree._Element) -> list[list[RawCell]]:
    """Return a table's cells; vertical merges repeat their text, wide cells leave blanks."""
    rows: list[list[RawCell]] = []
    for row in table.iterchildren(qn("w:tr")):
        cells: list[RawCell] = [""] * _skipped(row)
        for cell in _row_cells(row):
            above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else ""
            cells.append(above if _continues(cell) else element_text(cell))
            cells.extend([""] * (_grid_span(cell) - 1))
        rows.append(cells)
    return rows


def _row_cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from _row_cells(child)


def _skipped(row: etree._Element) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return 0 if before is None else _bounded(before.get(qn("w:val")), 0)


def _grid_span(cell: etree._Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else max(1, _bounded(span.get(qn("w:val")), 1))


def _bounded(value: str | None, default: int) -> int:
    return min(int(value), 63) if value and value.isdecimal() else default


def _continues(cell: etree._Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) in (None, "continue")


class Footnotes:
    """The footnotes of a document, by the paragraphs that refer to them."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    @classmethod
    def of(cls, document: Document) -> "Footnotes":
        """Load the footnotes part, when there is one."""
        for relation in document.part.rels.values():
            if relation.reltype == _FOOTNOTES and not relation.is_external:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                root = etree.fromstring(relation.target_part.blob, parser)
                notes = root.iterchildren(qn("w:footnote"))
                return cls({note.get(qn("w:id")) or "": element_text(note) for note in notes})
        return cls({})

    def of_paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        """Yield the texts of the footnotes that a paragraph refers to."""
        for reference in paragraph.iter(qn("w:footnoteReference")):
            text = self._texts.get(reference.get(qn("w:id")) or "")
            if text:
                yield text
