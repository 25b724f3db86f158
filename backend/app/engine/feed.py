"""Follow a task's events live, any number of followers a process.

Rows are the truth, notices only wake: a follower that missed one still sees the event at its next
look, at most `LOOK_S` later.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from app.core.database import OUTAGES, outages_named
from app.engine.bell import Bell
from app.engine.connections import connection_settings, install
from app.engine.statements import EVENTS_CHANNEL
from app.schemas.base import Frozen

LOOK_S = 2.0
# Events come in bursts; one query for a burst instead of one for each, unseen by a reader.
GATHER_S = 0.05
PAGE = 200
LAST_KINDS = frozenset({"task.ended", "task.cancelled", "task.paused"})

# On a connection of its own and as it is: it is read for every burst of every follower.
EVENTS_AFTER = """
SELECT seq, kind, step_key, payload, created_at FROM task_events
WHERE task_id = %(task_id)s AND seq > %(seq)s ORDER BY seq LIMIT %(limit)s
"""


class EventRead(Frozen):
    """One event as followers see it."""

    seq: int
    kind: str
    step_key: str | None
    payload: dict[str, Any]
    created_at: datetime


class EventFeed:
    """Wakes followers when their task changes."""

    def __init__(self, psycopg_url: str, bell: Bell) -> None:
        self._url = psycopg_url
        self._connection: psycopg.AsyncConnection[EventRead] | None = None
        self._reading = asyncio.Lock()
        self._followers: dict[str, set[asyncio.Event]] = {}
        bell.on(EVENTS_CHANNEL, self._wake)

    async def close(self) -> None:
        """Close the connection that events are read on."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def events_after(self, task_id: str, seq: int) -> Sequence[EventRead]:
        """Return up to 200 events with a number above `seq`.

        Raises:
            DatabaseUnavailable: The server is away.
        """
        async with self._reading:
            if self._connection is not None:
                with suppress(*OUTAGES):
                    return await self._read(self._connection, task_id, seq)
                await self.close()
            # Once more on a new connection: the old one may have died of old age.
            with outages_named():
                self._connection = await self._connect()
                return await self._read(self._connection, task_id, seq)

    async def _connect(self) -> psycopg.AsyncConnection[EventRead]:
        connection = await psycopg.AsyncConnection.connect(
            self._url, row_factory=class_row(EventRead), **connection_settings("feed")
        )
        await install(connection)
        return connection

    async def _read(
        self, connection: psycopg.AsyncConnection[EventRead], task_id: str, seq: int
    ) -> Sequence[EventRead]:
        values = {"task_id": task_id, "seq": seq, "limit": PAGE}
        return await (await connection.execute(EVENTS_AFTER, values)).fetchall()

    async def follow(self, task_id: str, *, after: int = 0) -> AsyncGenerator[EventRead]:
        """Yield the task's events from after number `after`, for ever; stop iterating to leave."""
        wake = asyncio.Event()
        self._followers.setdefault(task_id, set()).add(wake)
        try:
            while True:
                wake.clear()
                events = await self.events_after(task_id, after)
                for event in events:
                    after = event.seq
                    yield event
                if not events:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_S):
                            await wake.wait()
                        await asyncio.sleep(GATHER_S)
        finally:
            followers = self._followers[task_id]
            followers.discard(wake)
            if not followers:
                del self._followers[task_id]

    def _wake(self, task_id: str | None) -> None:
        names = list(self._followers) if task_id is None else [task_id]
        for name in names:
            for wake in self._followers.get(name, ()):
                wake.set()
