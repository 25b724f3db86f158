"""The gate of Markdown: parsed again and compared with the document."""

import itertools
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.artifacts.blocks import Document, Figure, Heading, Table
from app.artifacts.characters import clean_line, clean_model
from app.artifacts.checks import gate_check
from app.artifacts.citations import sources_title
from app.artifacts.document_checks import (
    citation_problems,
    excerpt,
    glyph_problems,
    heading_problems,
    text_problems,
    title_problems,
)
from app.artifacts.report import GateReport

_MARK = re.compile(r"(?<!\\)\[(\d+)\](?!\()")
_ENTRY = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


def check_markdown(content: str, document: Document) -> GateReport:
    """Check Markdown against the document it was made from."""
    cleaned = clean_model(document)
    tokens = MarkdownIt("commonmark").enable("table").parse(content)
    headings = list(_headings(tokens))
    return GateReport(
        checks=(
            gate_check(
                "headings", (*title_problems(document), *_heading_problems(headings, cleaned))
            ),
            gate_check("citations", _citation_problems(content, cleaned)),
            gate_check("tables", _table_problems(tokens, cleaned)),
            gate_check("text", text_problems(_text(tokens))),
            gate_check("markup", _markup_problems(tokens)),
            gate_check("glyphs", glyph_problems(content)),
        )
    )


def _headings(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    for opening, inside in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            yield int(opening.tag[1:]), _inline_text(inside)


def _heading_problems(headings: list[tuple[int, str]], document: Document) -> Iterator[str]:
    expected = [(1, clean_line(document.title))] if clean_line(document.title) else []
    expected += [
        (block.level + 1, clean_line(block.text))
        for block in document.blocks
        if isinstance(block, Heading)
    ]
    if document.sources:
        expected.append((2, sources_title(document.language)))
    if headings != expected:
        yield f"{len(headings)} headings read back where the document has {len(expected)}"
    yield from heading_problems([(level - 1, text) for level, text in headings if level > 1])


def _citation_problems(content: str, document: Document) -> Iterator[str]:
    entries = [int(number) for number in _ENTRY.findall(content)]
    if entries != list(range(1, len(document.sources) + 1)):
        yield f"{len(entries)} source entries where the document has {len(document.sources)}"
    body = _ENTRY.sub("", content)
    yield from citation_problems(document, map(int, _MARK.findall(body)))


def _table_problems(tokens: list[Token], document: Document) -> Iterator[str]:
    found = sum(token.type == "table_open" for token in tokens)
    expected = sum(_has_table(block) for block in document.blocks)
    if found != expected:
        yield f"{found} tables read back where the document has {expected}"


def _has_table(block: object) -> bool:
    if isinstance(block, Table):
        return bool(block.columns)
    return isinstance(block, Figure) and bool(block.chart.categories)


def _markup_problems(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        inline = [child.type for child in token.children or ()]
        if token.type in {"html_block", "code_block", "fence", "hr"} or "html_inline" in inline:
            yield f"text reads as {token.type}: “{excerpt(token.content)}”"


def _text(tokens: list[Token]) -> str:
    return "\n".join(_inline_text(token) for token in tokens if token.type == "inline")


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or ():
        is_break = child.type in {"softbreak", "hardbreak"}
        parts.append("\n" if is_break else child.content)
    return "".join(parts)
