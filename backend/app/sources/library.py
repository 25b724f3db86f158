"""The sources of one task, as agents see them: passages, tables, search, and the quote check."""

import asyncio
import threading
from collections.abc import Sequence
from functools import cached_property

from app.schemas.source import Extract, Passage, Source, SourceTable
from app.sources.citations import cite_passage, cite_table, stands
from app.sources.embed import Embedder
from app.sources.errors import PassageNotFound
from app.sources.search import HybridIndex, ScoredPassage


class SourceLibrary:
    """Read access to the extracts of one task. Without an embedder, search is by words alone."""

    def __init__(self, extracts: Sequence[Extract], embedder: Embedder | None = None) -> None:
        self.extracts = tuple(extracts)
        self._embedder = embedder
        self._lock = threading.Lock()

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, file by file, in reading order."""
        return tuple(p for e in self.extracts for p in e.passages)

    @cached_property
    def tables(self) -> tuple[SourceTable, ...]:
        """All tables, file by file."""
        return tuple(t for e in self.extracts for t in e.tables)

    def passage(self, passage_id: str) -> Passage:
        """Return the passage of that id, or raise `PassageNotFound`."""
        found = self._passages_by_id.get(passage_id)
        if found is None:
            message = f"No passage {passage_id} is among the files of this task; search again."
            raise PassageNotFound(message)
        return found

    async def search(
        self, query: str, limit: int = 8, file_ids: Sequence[str] | None = None
    ) -> list[ScoredPassage]:
        """Return the passages nearest to `query`, best first; `file_ids` narrows to some files.

        Equal input gives equal output, order included.
        """
        return await asyncio.to_thread(self._search, query, limit, file_ids)

    def cite(self, passage: Passage, quote: str, title: str | None = None) -> Source:
        """Make a source of a quote; raise `QuoteNotFound` unless it stands in the passage."""
        return cite_passage(passage, quote, title or self._titles.get(passage.file_id))

    def table_source(
        self, table: SourceTable, rows: range | None = None, columns: Sequence[str] | None = None
    ) -> Source:
        """Make a source of some rows of a table (by position in `table.rows`), or of all of it.

        The locator names the range; the quote is its first rows, word for word, cut to the
        named columns where they stand side by side.
        """
        found = [p for id in table.passage_ids if (p := self._passages_by_id.get(id))]
        return cite_table(table, found, rows, columns, self._titles.get(table.file_id))

    def verify(self, source: Source) -> bool:
        """Say whether the quote stands word for word in the passage that the source names."""
        passage = self._passages_by_id.get(source.passage_id or "")
        if passage is not None:
            return stands(source, passage)
        candidates = self._passages_by_hash.get(source.sha256, ())
        return any(stands(source, p) for p in candidates)

    @cached_property
    def _passages_by_id(self) -> dict[str, Passage]:
        return {p.id: p for p in self.passages}

    @cached_property
    def _passages_by_hash(self) -> dict[str, list[Passage]]:
        by_hash: dict[str, list[Passage]] = {}
        for passage in self.passages:
            by_hash.setdefault(passage.sha256, []).append(passage)
        return by_hash

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {e.file_id: e.title for e in self.extracts}

    @cached_property
    def _index(self) -> HybridIndex:
        return HybridIndex(self.passages, self._embedder)

    def _search(
        self, query: str, limit: int, file_ids: Sequence[str] | None
    ) -> list[ScoredPassage]:
        with self._lock:
            return self._index.search(query, limit, None if file_ids is None else set(file_ids))
