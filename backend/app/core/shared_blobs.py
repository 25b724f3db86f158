"""Blobs for many machines: kept in the database that they share, with the folder as a cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg_pool import ConnectionPool

from app.core.blobs import BlobNotFound, BlobStore, sha256_hex, write_atomically
from app.core.database import CONNECT_TIMEOUT_S, outages_named

MAX_CONNECTIONS = 4
IDLE_S = 60.0

KNOWN = "SELECT 1 FROM blobs WHERE sha256 = %s"
ADD = "INSERT INTO blobs (sha256, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"
READ = "SELECT content FROM blobs WHERE sha256 = %s"


class SharedBlobStore(BlobStore):
    """A blob is there for every process that has the database, whatever machine stored it.

    Like its parent it blocks: call it in a thread. Open it before use.
    """

    def __init__(self, root: Path, psycopg_url: str) -> None:
        super().__init__(root)
        self._pool = ConnectionPool(
            psycopg_url,
            kwargs={
                "autocommit": True,
                "connect_timeout": CONNECT_TIMEOUT_S,
                "application_name": "madang blobs",
            },
            min_size=0,
            max_size=MAX_CONNECTIONS,
            max_idle=IDLE_S,
            timeout=CONNECT_TIMEOUT_S,
            reconnect_timeout=CONNECT_TIMEOUT_S,
            open=False,
        )

    def __enter__(self) -> Self:
        self._pool.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def put(self, content: bytes) -> str:
        """Store `content` in the folder and in the database; return its hash.

        Raises:
            StorageUnavailable: The disk is full or the folder cannot be written.
            DatabaseUnavailable: The server is away; trying again stores it once.
        """
        sha256 = super().put(content)
        with self._connection() as connection:
            if connection.execute(KNOWN, [sha256]).fetchone() is None:
                connection.execute(ADD, [sha256, content])
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of this hash, fetched into the folder where another machine stored them.

        Raises:
            BlobNotFound: They are nowhere, or no longer match their hash.
            DatabaseUnavailable: They are not in the folder and the server is away.
        """
        try:
            return super().get(sha256)
        except BlobNotFound:
            with self._connection() as connection:
                row = connection.execute(READ, [sha256]).fetchone()
            if row is None or sha256_hex(row[0]) != sha256:
                raise
            content = bytes(row[0])
        write_atomically(self.path(sha256), content)
        return content

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        with outages_named(), self._pool.connection() as connection:
            yield connection
