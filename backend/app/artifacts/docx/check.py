"""The gate of Word files: opened again with python-docx and compared with the document."""

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as DocxFile
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from app.artifacts.blocks import Document, Figure
from app.artifacts.characters import clean_model
from app.artifacts.charts import has_drawable_values
from app.artifacts.checks import gate_check
from app.artifacts.document_checks import (
    citation_problems,
    glyph_problems,
    heading_problems,
    text_problems,
    title_problems,
)
from app.artifacts.docx.styles import CALLOUT_STYLE, CITATION_STYLE
from app.artifacts.docx.text import bookmark_name
from app.artifacts.embedded_sources import NotAPackage, read_embedded_sources
from app.artifacts.report import GateReport

_DOC_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CHART_REFERENCE = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_HEADING_STYLE = re.compile(r"Heading([1-9])")
_MARK = re.compile(r"\[(\d+)\]")
_MAY_BE_EMPTY = frozenset({"Spacer", "TableText", "TableHead"})
_UNREADABLE = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    KeyError,
    ValueError,
    AttributeError,
)


def check_docx(content: bytes, document: Document) -> GateReport:
    """Check a Word file against the document it was made from."""
    try:
        file = docx.Document(io.BytesIO(content))
        paragraphs = tuple(_paragraphs(file))
    except _UNREADABLE as error:
        reason = f"the file does not open: {type(error).__name__}"
        return GateReport(checks=(gate_check("opens", [reason]),))
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    return GateReport(
        checks=(
            gate_check("opens", ()),
            gate_check("headings", (*title_problems(document), *_heading_problems(paragraphs))),
            gate_check("citations", _citation_problems(file, document)),
            gate_check("figures", _figure_problems(file, document)),
            gate_check("tables", _table_problems(file)),
            gate_check("sources", _source_problems(content, document)),
            gate_check("text", (*_empty_paragraphs(paragraphs), *text_problems(text))),
            gate_check("glyphs", glyph_problems(text)),
        )
    )


class _ReadParagraph:
    """A paragraph as read back: its style, its text, and whether it holds a drawing."""

    def __init__(self, element: etree._Element) -> None:
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        self.style_id = "Normal" if style is None else style.get(qn("w:val"), "Normal")
        self.text = "".join(node.text or "" for node in element.iter(qn("w:t")))
        self.has_drawing = next(element.iter(qn("w:drawing")), None) is not None


def _paragraphs(file: DocxFile) -> Iterator[_ReadParagraph]:
    for element in file.element.body.iter(qn("w:p")):
        yield _ReadParagraph(element)


def _heading_problems(paragraphs: tuple[_ReadParagraph, ...]) -> Iterator[str]:
    headings = []
    for paragraph in paragraphs:
        match = _HEADING_STYLE.fullmatch(paragraph.style_id)
        if match:
            headings.append((int(match.group(1)), paragraph.text))
    yield from heading_problems(headings)


def _citation_problems(file: DocxFile, document: Document) -> Iterator[str]:
    body = file.element.body
    printed: list[int] = []
    targets = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    for run in body.iter(qn("w:r")):
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        if style is not None and style.get(qn("w:val")) == CITATION_STYLE:
            yield from _mark_problems(run, targets, printed)
    yield from citation_problems(document, printed)


def _mark_problems(
    run: etree._Element, targets: set[str | None], printed: list[int]
) -> Iterator[str]:
    text = "".join(node.text or "" for node in run.iter(qn("w:t")))
    match = _MARK.fullmatch(text)
    if match is None:
        yield f"citation mark “{text}” has no number"
        return
    number = int(match.group(1))
    printed.append(number)
    link = run.getparent()
    anchor = None if link is None else link.get(qn("w:anchor"))
    if anchor != bookmark_name(number) or anchor not in targets:
        yield f"[{number}] leads to no entry of the sources"


def _figure_problems(file: DocxFile, document: Document) -> Iterator[str]:
    drawings = list(file.element.body.iter(_DOC_PROPERTIES))
    figures = [block for block in document.blocks if isinstance(block, Figure)]
    drawn = sum(has_drawable_values(figure.chart, document.language) for figure in figures)
    if len(drawings) != drawn:
        yield f"{len(drawings)} figures are drawn where the document has {drawn}"
    for drawing in drawings:
        if not (drawing.get("descr") or "").strip():
            yield f"figure “{drawing.get('name')}” has no alternative text"
    for reference in file.element.body.iter(_CHART_REFERENCE):
        if reference.get(qn("r:id")) not in file.part.rels:
            yield "a figure's chart is not in the file"


def _table_problems(file: DocxFile) -> Iterator[str]:
    for number, table in enumerate(file.element.body.iter(qn("w:tbl")), start=1):
        style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        if style is not None and style.get(qn("w:val")) == CALLOUT_STYLE:
            continue
        row = table.find(qn("w:tr"))
        if row is None or row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"table {number} does not repeat its header row"


def _source_problems(content: bytes, document: Document) -> Iterator[str]:
    try:
        embedded = read_embedded_sources(content)
    except NotAPackage as error:
        yield error.message
        return
    if embedded != tuple(map(clean_model, document.sources)):
        yield f"the file carries {len(embedded)} sources that differ from the document's"


def _empty_paragraphs(paragraphs: tuple[_ReadParagraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        is_empty = not paragraph.text.strip() and not paragraph.has_drawing
        is_heading = _HEADING_STYLE.fullmatch(paragraph.style_id) is not None
        if is_empty and not is_heading and paragraph.style_id not in _MAY_BE_EMPTY:
            yield f"an empty paragraph in style {paragraph.style_id}"
