"""Follow a task's events live: one LISTEN connection a process, any number of followers.

Rows are the truth, notifications only wake: a follower that missed one still sees the event at
its next look, at most `LOOK_S` later.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import select

from app.core.database import Database
from app.core.logging import get_logger
from app.engine.events import CHANNEL
from app.models import TaskEvent
from app.schemas.base import Frozen

LOOK_S = 2.0
# Events come in bursts; one query for a burst instead of one for each, unseen by a reader.
GATHER_S = 0.05
RECONNECT_S = 1.0
PAGE = 200
LAST_KINDS = frozenset({"task.ended", "task.cancelled", "task.paused"})

log = get_logger(__name__)


class EventRead(Frozen):
    """One event as followers see it."""

    seq: int
    kind: str
    step_key: str | None
    payload: dict[str, Any]
    created_at: datetime


class EventFeed:
    """Wakes followers when their task changes."""

    def __init__(self, database: Database, psycopg_url: str) -> None:
        self._database = database
        self._url = psycopg_url
        self._followers: dict[str, set[asyncio.Event]] = {}

    async def listen(self) -> None:
        """Relay notifications until cancelled; reconnect after an outage."""
        while True:
            try:
                await self._relay()
            except (psycopg.Error, OSError) as error:
                log.warning("event_feed_reconnects", reason=str(error))
            self._wake(None)
            await asyncio.sleep(RECONNECT_S)

    async def events_after(self, task_id: str, seq: int) -> Sequence[EventRead]:
        """Return up to 200 events with a number above `seq`."""
        async with self._database.transaction() as session:
            found = await session.execute(
                select(TaskEvent)
                .where(TaskEvent.task_id == task_id, TaskEvent.seq > seq)
                .order_by(TaskEvent.seq)
                .limit(PAGE)
            )
            return [
                EventRead(
                    seq=row.seq,
                    kind=row.kind,
                    step_key=row.step_key,
                    payload=row.payload,
                    created_at=row.created_at,
                )
                for row in found.scalars()
            ]

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
                        await asyncio.wait_for(wake.wait(), LOOK_S)
                        await asyncio.sleep(GATHER_S)
        finally:
            followers = self._followers[task_id]
            followers.discard(wake)
            if not followers:
                del self._followers[task_id]

    async def _relay(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=5
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                self._wake(notice.payload)

    def _wake(self, task_id: str | None) -> None:
        names = list(self._followers) if task_id is None else [task_id]
        for name in names:
            for wake in self._followers.get(name, ()):
                wake.set()
