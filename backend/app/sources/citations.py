"""Sources made from passages and tables, and the check that a quote stands."""

import hashlib
from collections.abc import Sequence

from app.schemas.source import Passage, Source, SourceTable
from app.sources.errors import QuoteNotFound
from app.sources.locators import narrow_rows
from app.sources.tables import CELL_JOIN, NAME_JOIN, column_head
from app.sources.text import normalise_text, stands_in, text_sha256

_MAX_QUOTED_ROWS = 3


def cite_passage(
    passage: Passage, quote: str, title: str | None = None, locator: str | None = None
) -> Source:
    """Make a source; raise `QuoteNotFound` unless the quote stands word for word."""
    if not stands_in(quote, passage.text):
        message = (
            f"The quote does not stand word for word in {passage.file_name}, {passage.locator}; "
            "quote the passage exactly."
        )
        raise QuoteNotFound(message, passage_id=passage.id)
    digest = hashlib.sha256(normalise_text(quote).encode()).hexdigest()[:12]
    return Source(
        id=f"{passage.id}:{digest}",
        title=title or passage.file_name,
        file_id=passage.file_id,
        file_name=passage.file_name,
        passage_id=passage.id,
        locator=locator or passage.locator,
        quote=quote.strip(),
        sha256=passage.sha256,
    )


def stands(source: Source, passage: Passage) -> bool:
    """Say whether the passage is the one hashed, unchanged, and holds the quote."""
    is_same_file = source.file_id in (None, passage.file_id)
    is_unchanged = source.sha256 == passage.sha256 == text_sha256(passage.text)
    return is_same_file and is_unchanged and stands_in(source.quote, passage.text)


def cite_table(
    table: SourceTable,
    passages: Sequence[Passage],
    rows: range | None,
    columns: Sequence[str] | None,
    title: str | None,
) -> Source:
    """Make a source of some rows and columns of a table, quoting its first rows.

    `passages` are those of the table, in order; together their lines are its rows, one each.
    """
    whole = rows is None
    wanted = range(len(table.rows)) if rows is None else rows
    passage, first = _locate(table, passages, wanted)
    lines = passage.text.splitlines()
    last = min(first + max(len(wanted), 1), len(lines), first + _MAX_QUOTED_ROWS)
    quote = "\n".join(lines[first:last])
    if columns is not None and last - first == 1:
        quote = _cut(quote, table, columns)
    located = table.locator if whole else narrow_rows(passage.locator, first, len(wanted))
    return cite_passage(passage, quote, title, located)


def _locate(table: SourceTable, passages: Sequence[Passage], wanted: range) -> tuple[Passage, int]:
    position = wanted.start if len(wanted) else 0
    for passage in passages:
        count = len(passage.text.splitlines())
        if position < count:
            return passage, position
        position -= count
    message = (
        f"Row {wanted.start + 1} of {table.title} is not among the quotable rows of "
        f"{table.file_name}; cite the table as a whole."
    )
    raise QuoteNotFound(message, table_id=table.id)


def _cut(line: str, table: SourceTable, columns: Sequence[str]) -> str:
    """Cut a row's line to the named columns when they stand side by side in it."""
    heads = {f"{column_head(c)}{NAME_JOIN}" for c in table.columns if c.name in set(columns)}
    cells = line.split(CELL_JOIN)
    kept = [i for i, cell in enumerate(cells) if any(cell.startswith(head) for head in heads)]
    if len(kept) != len(heads) or kept[-1] - kept[0] + 1 != len(kept):
        return line
    return CELL_JOIN.join(cells[kept[0] : kept[-1] + 1])
