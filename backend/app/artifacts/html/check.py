"""The gate of HTML pages: parsed again, looked at for access, safety and completeness."""

import re
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

from app.artifacts.blocks import Document, Figure, Table
from app.artifacts.characters import clean_model
from app.artifacts.checks import gate_check
from app.artifacts.document_checks import (
    citation_problems,
    excerpt,
    glyph_problems,
    heading_problems,
    text_problems,
    title_problems,
)
from app.artifacts.links import safe_href
from app.artifacts.report import GateReport

_FORBIDDEN_TAGS = frozenset(
    {"script", "iframe", "object", "embed", "link", "img", "form", "input", "base", "foreignobject"}
)
_OUTSIDE_ATTRIBUTES = frozenset({"src", "srcset", "poster", "action", "formaction", "xlink:href"})
_MARK = re.compile(r"\[(\d+)\]")


def check_html(content: str, document: Document) -> GateReport:
    """Check a page against the document it was made from."""
    root = html.document_fromstring(content)
    cleaned = clean_model(document)
    text = "\n".join(map(str, root.itertext()))
    return GateReport(
        checks=(
            gate_check("language", _language_problems(root, cleaned)),
            gate_check("headings", (*title_problems(document), *_heading_problems(root))),
            gate_check("citations", _citation_problems(root, cleaned)),
            gate_check("figures", _figure_problems(root, cleaned)),
            gate_check("tables", _table_problems(root, cleaned)),
            gate_check("sources", _source_problems(root, cleaned)),
            gate_check("safety", _safety_problems(root, content)),
            gate_check("text", text_problems(text)),
            gate_check("glyphs", glyph_problems(text)),
        )
    )


def _elements(root: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    for element in root.iter(*names):
        if isinstance(element, HtmlElement):
            yield element


def _language_problems(root: HtmlElement, document: Document) -> Iterator[str]:
    if root.get("lang") != document.language:
        yield f"the page says language {root.get('lang')!r} instead of {document.language!r}"


def _heading_problems(root: HtmlElement) -> Iterator[str]:
    found = [
        (int(element.tag[1]), str(element.text_content()))
        for element in _elements(root, "h1", "h2", "h3", "h4", "h5", "h6")
    ]
    if sum(level == 1 for level, _ in found) != 1:
        yield "the page does not have exactly one title"
    yield from heading_problems([(level - 1, text) for level, text in found if level > 1])


def _citation_problems(root: HtmlElement, document: Document) -> Iterator[str]:
    ids = {element.get("id") for element in _elements(root, "li")}
    printed = []
    for link in _elements(root, "a"):
        if link.get("class") != "cite":
            continue
        text = str(link.text_content())
        match = _MARK.fullmatch(text)
        target = (link.get("href") or "").removeprefix("#")
        if match is None or target not in ids or target != f"source-{match.group(1)}":
            yield f"{excerpt(text)} leads to no entry of the sources"
        else:
            printed.append(int(match.group(1)))
    yield from citation_problems(document, printed)


def _figure_problems(root: HtmlElement, document: Document) -> Iterator[str]:
    drawings = list(_elements(root, "svg"))
    expected = sum(isinstance(block, Figure) for block in document.blocks)
    if len(drawings) != expected:
        yield f"{len(drawings)} figures are drawn where the document has {expected}"
    for drawing in drawings:
        if drawing.get("role") != "img" or not (drawing.get("aria-label") or "").strip():
            yield "a figure has no alternative text"


def _table_problems(root: HtmlElement, document: Document) -> Iterator[str]:
    tables = list(_elements(root, "table"))
    expected = sum(isinstance(block, Table) and bool(block.columns) for block in document.blocks)
    if len(tables) != expected:
        yield f"{len(tables)} tables where the document has {expected}"
    for table in tables:
        if any(head.get("scope") not in {"col", "row"} for head in _elements(table, "th")):
            yield "a table's heading does not say whether it heads a row or a column"


def _source_problems(root: HtmlElement, document: Document) -> Iterator[str]:
    entries = [
        element
        for element in _elements(root, "li")
        if (element.get("id") or "").startswith("source-")
    ]
    if len(entries) != len(document.sources):
        yield f"{len(entries)} source entries where the document has {len(document.sources)}"


def _safety_problems(root: HtmlElement, content: str) -> Iterator[str]:
    for element in _elements(root):
        name = str(element.tag).lower()
        if name in _FORBIDDEN_TAGS:
            yield f"the page has a {name} element"
        for attribute, value in element.attrib.items():
            yield from _attribute_problems(name, str(attribute).lower(), str(value))
    if re.search(r"url\(|@import", content[: content.find("</style>")]):
        yield "the style sheet loads something from outside"


def _attribute_problems(name: str, attribute: str, value: str) -> Iterator[str]:
    if attribute.startswith("on") or attribute in _OUTSIDE_ATTRIBUTES:
        yield f"a {name} element has the attribute {attribute}"
    if attribute == "href" and not value.startswith("#") and safe_href(value) is None:
        yield f"a link leads to {excerpt(value)}"
