"""What the gates of all written formats check in the same way."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.artifacts.blocks import Callout, Document, Figure, ListBlock, Paragraph, Run, Table
from app.artifacts.characters import describe_characters, uncovered_characters
from app.artifacts.citations import citation_numbers, cited_numbers, unknown_source_ids
from app.artifacts.report import GateReport, RenderedFile

_EXCERPT_LENGTH = 40
_PLACEHOLDERS = re.compile(
    r"lorem ipsum|\{\{.*?\}\}|\{%.*?%\}|\bTODO\b|\bFIXME\b|<<.*?>>|\[(?:insert|your)\b[^\]]*\]"
    r"|\[여기에[^\]]*\]|여기에 입력|click to add",
    re.IGNORECASE,
)


def title_problems(document: Document) -> Iterator[str]:
    """Find a missing title."""
    if not document.title.strip():
        yield "the document has no title"


def heading_problems(headings: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Find headings without text and levels that are skipped; `headings` start below the title."""
    previous = 0
    for level, text in headings:
        if not text.strip():
            yield f"a heading of level {level} is empty"
        if level > previous + 1:
            yield f"heading “{excerpt(text)}” has level {level} after level {previous}"
        previous = level


def citation_problems(document: Document, printed: Iterable[int]) -> Iterator[str]:
    """Compare the numbers printed in a file with those that the document cites."""
    cited_ids = tuple(citing_ids(document))
    for id in unknown_source_ids(cited_ids, document.sources):
        yield f"a claim cites source {excerpt(id)}, which the document does not have"
    expected = set(cited_numbers(cited_ids, citation_numbers(document.sources)))
    found = set(printed)
    for number in sorted(found - expected):
        yield f"[{number}] is printed but nothing cites it"
    for number in sorted(expected - found):
        yield f"[{number}] is cited but not printed"


def citing_ids(document: Document) -> Iterator[str]:
    """List every source id that a run, table or figure of the document names."""
    for block in document.blocks:
        if isinstance(block, Table | Figure):
            yield from block.source_ids
        for run in _runs(block):
            yield from run.source_ids


def text_problems(text: str) -> Iterator[str]:
    """Find text that was meant to be replaced."""
    for match in _PLACEHOLDERS.finditer(text):
        yield f"placeholder text “{excerpt(match.group())}”"


def glyph_problems(text: str) -> Iterator[str]:
    """Find characters for which no font has a glyph."""
    characters = uncovered_characters(text)
    if characters:
        yield f"characters without a glyph: {describe_characters(characters)}"


def excerpt(text: str) -> str:
    """Shorten text for a message."""
    return text if len(text) <= _EXCERPT_LENGTH else f"{text[: _EXCERPT_LENGTH - 1]}…"


def rendered_file(
    name: str, suffix: str, *, media_type: str, content: bytes, report: GateReport
) -> RenderedFile:
    """Make a finished file; the suffix is added to a name that lacks it."""
    full_name = name if name.lower().endswith(suffix) else f"{name}{suffix}"
    return RenderedFile(name=full_name, media_type=media_type, content=content, report=report)


def _runs(block: object) -> tuple[Run, ...]:
    if isinstance(block, Paragraph | Callout):
        return block.runs
    if isinstance(block, ListBlock):
        return tuple(run for item in block.items for run in item)
    return ()
