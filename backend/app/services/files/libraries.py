"""Give tasks their sources: extracts from the store, as one library, kept while in use."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from app.core.blobs import BlobStore
from app.core.clock import monotonic_s
from app.core.database import Database
from app.schemas.source import Extract
from app.services.files.errors import FileMissing
from app.services.files.repository import FileRepository
from app.sources import Embedder, SourceLibrary

KEPT = 4


class FileLibraries:
    """Loads libraries by file ids. The last four are kept: the steps of a task share one."""

    def __init__(self, database: Database, blobs: BlobStore, embedder: Embedder | None) -> None:
        self._database = database
        self._blobs = blobs
        self._embedder = embedder
        self._kept: OrderedDict[tuple[tuple[str, str], ...], SourceLibrary] = OrderedDict()
        self._loading = asyncio.Lock()
        self._last_used_s = monotonic_s()

    def last_used_s(self) -> float | None:
        """Return when a library was last asked for; None while none is kept."""
        return self._last_used_s if self._kept else None

    def release(self) -> None:
        """Keep none; a step that works with one holds it until it is done."""
        self._kept.clear()

    async def load(self, file_ids: Sequence[str]) -> SourceLibrary:
        """Return the library over these files.

        Raises:
            FileMissing: One of them was deleted.
        """
        async with self._database.transaction() as session:
            found = await FileRepository(session).extracts(file_ids)
        if len(found) != len(file_ids):
            raise FileMissing("A file of this task was deleted; start a new task with the files.")
        key = tuple(found)
        async with self._loading:
            if key not in self._kept:
                extracts = await asyncio.to_thread(self._read, [sha256 for _, sha256 in found])
                self._kept[key] = SourceLibrary(extracts, self._embedder)
            self._last_used_s = monotonic_s()
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _read(self, hashes: Sequence[str]) -> list[Extract]:
        return [Extract.model_validate_json(self._blobs.get(sha256)) for sha256 in hashes]
