"""Plain text: paragraphs between blank lines, located by line."""

from collections.abc import Iterator

from app.schemas.source import PassageKind
from app.sources.encoding import decode
from app.sources.locators import span
from app.sources.reading import Reading, TextBlock
from app.sources.request import ReadRequest

# Lines this long were wrapped by an editor, not ended by the writer.
_WRAPPED_CHARS = 55
_MARKERS = ("- ", "* ", "\u2022", "\u25cf", "\u25cb", "\u25aa", "\u00b7", "\u203b")


def read_plain(request: ReadRequest) -> Reading:
    """Read plain text into paragraphs."""
    decoded = decode(request.content)
    reading = Reading()
    if decoded.is_lossy:
        reading.notices.append(request.say("lossy_text"))
    elif not decoded.is_utf8:
        reading.notices.append(request.say("encoding_guessed", encoding=decoded.encoding))
    for first, lines in _paragraphs(decoded.text):
        reading.blocks.extend(_blocks(first, lines))
    return reading


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    lines: list[str] = []
    first = 1
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip():
            if not lines:
                first = number
            lines.append(line.strip())
        elif lines:
            yield first, lines
            lines = []
    if lines:
        yield first, lines


def _blocks(first: int, lines: list[str]) -> Iterator[TextBlock]:
    if any(line.startswith(_MARKERS) for line in lines) or not _is_wrapped(lines):
        for number, line in enumerate(lines, start=first):
            is_item = line.startswith(_MARKERS)
            kind = PassageKind.LIST if is_item else PassageKind.PARAGRAPH
            yield TextBlock(text=line, locator=span("line", number, number), kind=kind)
        return
    yield TextBlock(text=" ".join(lines), locator=span("line", first, first + len(lines) - 1))


def _is_wrapped(lines: list[str]) -> bool:
    """All lines but the last are of full length, in characters or in Hangul of double width."""
    widths = [sum(2 if char >= "\u1100" else 1 for char in line) for line in lines[:-1]]
    return bool(widths) and min(widths) >= _WRAPPED_CHARS
