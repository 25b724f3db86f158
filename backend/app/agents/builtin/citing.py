"""Collect the sources of what is said, each once."""

from collections.abc import Iterable

from app.agents.builtin.cell_screening import line_has_orders, quotable_part
from app.schemas.source import Passage, Source, SourceTable
from app.sources import QuoteNotFound, SourceLibrary

_LONG_TABLE_ROWS = 20
_FEW_ROWS = 2


def _first_row(source: Source) -> Source | None:
    """Quote one row only, the first without an order in it; the locator names the whole range."""
    rows = source.quote.splitlines()
    quote = next((row for row in rows if not line_has_orders(row)), quotable_part(rows[0]))
    return source.model_copy(update={"quote": quote}) if quote else None


class Citations:
    """The sources cited so far, in order of first use."""

    def __init__(self, library: SourceLibrary) -> None:
        self._library = library
        self._sources: dict[str, Source] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources cited."""
        return tuple(self._sources.values())

    def add(self, sources: Iterable[Source]) -> None:
        """Take over sources that an earlier step cited."""
        for source in sources:
            self._sources.setdefault(source.id, source)

    def quote(self, passage: Passage, quote: str) -> tuple[str, ...]:
        """Cite a quote; return no id when it does not stand in the passage."""
        try:
            source = self._library.cite(passage, quote)
        except QuoteNotFound:
            return ()
        return self._keep(source)

    def table(self, table: SourceTable) -> tuple[str, ...]:
        """Cite a table as a whole."""
        try:
            source = self._library.table_source(table)
        except QuoteNotFound:
            return ()
        return self._keep(_first_row(source))

    def rows(self, table: SourceTable, rows: Iterable[int]) -> tuple[str, ...]:
        """Cite rows: a few of a long table one by one, else the table as a whole."""
        wanted = sorted(set(rows))
        if len(table.rows) <= _LONG_TABLE_ROWS or not 0 < len(wanted) <= _FEW_ROWS:
            return self.table(table)
        try:
            found = [self._library.table_source(table, range(row, row + 1)) for row in wanted]
        except QuoteNotFound:
            return self.table(table)
        return tuple(id for source in found for id in self._keep(_first_row(source)))

    def _keep(self, source: Source | None) -> tuple[str, ...]:
        if source is None:
            return ()
        self._sources.setdefault(source.id, source)
        return (source.id,)
