"""Passages out of blocks: whole paragraphs of 400 to 900 characters, or up to 20 table rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from app.schemas.source import Passage, PassageKind, SourceTable
from app.sources.locators import join_locators
from app.sources.reading import Block, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import BuiltTable, Grid, Line, build_table, cell_text, plain_grid
from app.sources.text import plain_text, split_sentences, text_sha256

TARGET_CHARS = 400
MAX_CHARS = 900
_MAX_PARAGRAPH_CHARS = 1500
ROWS_PER_PASSAGE = 20
_MAX_TABLE_PASSAGE_CHARS = 4000


@dataclass(slots=True)
class PassageMaker:
    """Cuts the blocks of one file into passages and tables."""

    request: ReadRequest
    passages: list[Passage] = field(default_factory=list)
    tables: list[SourceTable] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _pending: list[TextBlock] = field(default_factory=list)
    _pending_chars: int = 0

    def add(self, block: Block) -> None:
        """Take the next block in reading order."""
        if isinstance(block, Grid):
            self.flush()
            self._add_grid(plain_grid(block))
            return
        for piece in _cut(_plain(block)):
            if self._pending and not self._belongs(piece):
                self.flush()
            self._pending.append(piece)
            self._pending_chars += len(piece.text) + 1

    def flush(self) -> None:
        """End the passage under construction."""
        if not self._pending:
            return
        blocks, self._pending, self._pending_chars = self._pending, [], 0
        kinds = {block.kind for block in blocks}
        self._append(
            kind=kinds.pop() if len(kinds) == 1 else PassageKind.PARAGRAPH,
            locator=join_locators([block.locator for block in blocks]),
            section=blocks[0].section,
            text="\n".join(block.text for block in blocks),
        )

    def _belongs(self, piece: TextBlock) -> bool:
        first, last = self._pending[0], self._pending[-1]
        if piece.section != first.section or (piece.kind == PassageKind.NOTE) != (
            first.kind == PassageKind.NOTE
        ):
            return False
        if piece.locator != last.locator and not _may_join(last.locator, piece.locator):
            return False
        size = self._pending_chars
        return size + len(piece.text) <= MAX_CHARS or size < TARGET_CHARS // 4

    def _append(self, *, kind: PassageKind, locator: str, section: str, text: str) -> str | None:
        ordinal = len(self.passages)
        if ordinal >= self.request.limits.max_passages:
            self._note_cut()
            return None
        passage = Passage(
            id=f"{self.request.file_id}:p{ordinal}",
            file_id=self.request.file_id,
            file_name=self.request.file_name,
            ordinal=ordinal,
            kind=kind,
            locator=locator,
            section=section,
            text=text,
            sha256=text_sha256(text),
        )
        self.passages.append(passage)
        return passage.id

    def _add_grid(self, grid: Grid) -> None:
        built = build_table(grid, self.request.limits.max_passage_rows)
        if built is None:
            self._add_as_text(grid)
            return
        section = grid.section or built.title
        self._add_lines(grid, built.above, grid.section)
        self.flush()
        ids = tuple(self._add_table_lines(grid, built, section))
        self._add_lines(grid, built.below, section)
        self.flush()
        self._note_unread(grid, built)
        if not grid.is_complete:
            return
        table_id = f"{self.request.file_id}:t{len(self.tables)}"
        # Not validated: the cells are typed above, and checking millions takes seconds.
        self.tables.append(
            SourceTable.model_construct(
                id=table_id,
                file_id=self.request.file_id,
                file_name=self.request.file_name,
                title=built.title or grid.section or PurePath(self.request.file_name).stem,
                locator=built.locator,
                columns=built.columns,
                rows=built.rows,
                passage_ids=ids,
            )
        )

    def _note_cut(self) -> None:
        notice = self.request.say("too_long", count=self.request.limits.max_passages)
        if notice not in self.notices:
            self.notices.append(notice)

    def _note_unread(self, grid: Grid, built: BuiltTable) -> None:
        limits, read = self.request.limits, len(built.lines)
        place = grid.sheet or self.request.file_name
        if not grid.is_complete:
            limit = limits.max_table_rows
            key_facts: dict[str, str | int] = {"place": place, "limit": limit, "read": read}
            self.notices.append(self.request.say("too_many_rows", **key_facts))
        elif read == limits.max_passage_rows and len(built.rows) > read:
            rows = len(built.rows)
            self.notices.append(self.request.say("many_rows", place=place, rows=rows, read=read))

    def _add_table_lines(self, grid: Grid, built: BuiltTable, section: str) -> Iterator[str]:
        for group in _row_groups(built.lines):
            passage_id = self._append(
                kind=PassageKind.TABLE,
                locator=grid.locate(group[0].number, group[-1].number),
                section=section,
                text="\n".join(line.text for line in group),
            )
            if passage_id is not None and not group[0].is_total:
                yield passage_id

    def _add_lines(self, grid: Grid, lines: Sequence[Line], section: str) -> None:
        for line in lines:
            self.add(
                TextBlock(
                    text=line.text, locator=grid.locate(line.number, line.number), section=section
                )
            )

    def _add_as_text(self, grid: Grid) -> None:
        for row, number in zip(grid.rows, grid.numbers, strict=True):
            if len(self.passages) >= self.request.limits.max_passages:
                self._note_cut()
                return
            text = " | ".join(text for cell in row if (text := cell_text(cell)))
            if text:
                locator = grid.locate(number, number)
                self.add(TextBlock(text=text, locator=locator, section=grid.section))
        self.flush()


def _cut(block: TextBlock) -> Iterator[TextBlock]:
    """Keep paragraphs whole; only one that is far too long is cut, between sentences."""
    text = block.text.strip()
    if len(text) <= _MAX_PARAGRAPH_CHARS:
        if text:
            yield _with_text(block, text)
        return
    piece = ""
    for sentence in _bounded_sentences(text):
        if piece and len(piece) + len(sentence) > MAX_CHARS:
            yield _with_text(block, piece)
            piece = ""
        piece = f"{piece} {sentence}" if piece else sentence
    yield _with_text(block, piece)


def _bounded_sentences(text: str) -> Iterator[str]:
    for sentence in split_sentences(text):
        words = sentence
        while len(words) > _MAX_PARAGRAPH_CHARS:
            at = words.rfind(" ", 0, MAX_CHARS)
            at = at if at > 0 else MAX_CHARS
            yield words[:at]
            words = words[at:].lstrip()
        if words:
            yield words


def _plain(block: TextBlock) -> TextBlock:
    return TextBlock(
        text=plain_text(block.text),
        locator=plain_text(block.locator),
        section=plain_text(block.section),
        kind=block.kind,
    )


def _with_text(block: TextBlock, text: str) -> TextBlock:
    return TextBlock(text=text, locator=block.locator, section=block.section, kind=block.kind)


def _may_join(first: str, second: str) -> bool:
    """Lines of a text file and cells of one sheet join; pages, slides and others do not."""
    return join_locators([first, second]) != first


def _row_groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Group neighbouring rows; a gap in the numbers and a total row begin a new group."""
    group: list[Line] = []
    size = 0
    for line in lines:
        is_next = bool(group) and line.number == group[-1].number + 1
        is_alike = bool(group) and line.is_total == group[-1].is_total
        has_room = (
            len(group) < ROWS_PER_PASSAGE and size + len(line.text) < _MAX_TABLE_PASSAGE_CHARS
        )
        if group and not (is_next and is_alike and has_room):
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line.text)
    if group:
        yield group
