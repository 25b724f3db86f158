"""Markdown, by the CommonMark parser with tables."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.schemas.source import PassageKind
from app.sources.encoding import decode
from app.sources.locators import span
from app.sources.reading import Block, HeadingPath, Reading, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import Grid, RawCell

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n(?:---|\.\.\.)\s*\r?\n", re.DOTALL)
_TAG = re.compile(r"<[^<>]{1,200}>")


def read_markdown(request: ReadRequest) -> Reading:
    """Read Markdown; a single first-level heading is the title, the others make sections."""
    decoded = decode(request.content)
    text = decoded.text.removeprefix("\ufeff")
    front = _FRONT_MATTER.match(text)
    offset = text[: front.end()].count("\n") if front else 0
    body = text[front.end() :] if front else text
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    walker = _Walker(tokens, offset)
    reading = Reading(title=walker.title)
    reading.blocks.extend(walker.blocks())
    if decoded.is_lossy:
        reading.notices.append(request.say("lossy_text"))
    elif not decoded.is_utf8:
        reading.notices.append(request.say("encoding_guessed", encoding=decoded.encoding))
    return reading


class _Walker:
    """Goes through the parser's tokens once, keeping the heading path."""

    def __init__(self, tokens: Sequence[Token], offset: int) -> None:
        self._tokens = tokens
        self._offset = offset
        self._path = HeadingPath()
        self._tables = 0
        tops = [i for i, token in enumerate(tokens) if _is_open(token, "h1")]
        self._title_at = tops[0] if len(tops) == 1 else -1
        self.title = _plain(tokens[tops[0] + 1]) if tops else ""

    def blocks(self) -> Iterator[Block]:
        """Yield paragraphs, list items, code and tables in order."""
        depth = 0
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            depth += _list_step(token)
            if token.type == "table_open":
                end = self._end_of(index, "table_close")
                yield self._table(index, end)
                index = end
            elif token.type == "heading_open":
                self._enter(index)
                index += 2
            else:
                yield from self._leaf(token, in_list=depth > 0)
            index += 1

    def _enter(self, index: int) -> None:
        token = self._tokens[index]
        if index != self._title_at:
            self._path.enter(int(token.tag[1]), _plain(self._tokens[index + 1]))

    def _leaf(self, token: Token, *, in_list: bool) -> Iterator[Block]:
        if token.type == "inline":
            text = _plain(token)
        elif token.type in ("fence", "code_block"):
            text = token.content.strip()
        elif token.type == "html_block":
            text = _TAG.sub(" ", token.content).strip()
        else:
            return
        if text:
            yield TextBlock(
                text=f"- {text}" if in_list else text,
                locator=self._locator(token),
                section=self._path.path,
                kind=PassageKind.LIST if in_list else PassageKind.PARAGRAPH,
            )

    def _locator(self, token: Token) -> str:
        if self._path.path:
            return self._path.path
        first, after = token.map or [0, 1]
        return span("line", first + 1 + self._offset, after + self._offset)

    def _end_of(self, index: int, kind: str) -> int:
        return next(i for i in range(index, len(self._tokens)) if self._tokens[i].type == kind)

    def _table(self, start: int, end: int) -> Grid:
        self._tables += 1
        rows: list[list[RawCell]] = []
        for token in self._tokens[start:end]:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_plain(token))
        section = self._path.path
        name = f"table {self._tables}"
        return Grid(
            rows=rows,
            numbers=list(range(1, len(rows) + 1)),
            section=section,
            place=f"{section}, {name}" if section else name,
            has_header=True,
        )


def _is_open(token: Token, tag: str) -> bool:
    return token.type == "heading_open" and token.tag == tag


def _list_step(token: Token) -> int:
    if token.type in ("bullet_list_open", "ordered_list_open"):
        return 1
    return -1 if token.type in ("bullet_list_close", "ordered_list_close") else 0


def _plain(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return " ".join("".join(parts).split())
