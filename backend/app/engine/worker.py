"""A worker: takes jobs, and takes over what dead workers left. Runs in any process."""

import asyncio

import psycopg

from app.core.blobs import BlobStore
from app.core.clock import monotonic_s
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.errors import AppError
from app.core.logging import get_logger
from app.engine.moves import Moves
from app.engine.queue import JobQueue, LostStep
from app.engine.runner import StepRunner, end_if_over

RESTART_S = 1.0
# Every worker holds this advisory lock, shared, on a connection of its own. Who can take it alone
# knows that no other worker lives: after a crash of the only process nothing has to be waited for.
PRESENCE_LOCK = 7_340_014_002
ALONE_TRIES = 8
ALONE_WAIT_S = 0.15

Presence = psycopg.AsyncConnection[tuple[object, ...]]
log = get_logger(__name__)


class Worker:
    """Runs steps and reaps lost ones until cancelled."""

    def __init__(
        self,
        *,
        database: Database,
        psycopg_url: str,
        queue: JobQueue,
        runner: StepRunner,
        blobs: BlobStore,
        settings: EngineSettings,
    ) -> None:
        self._database = database
        self._url = psycopg_url
        self._queue = queue
        self._runner = runner
        self._blobs = blobs
        self._settings = settings

    async def run(self, *, may_be_alone: bool) -> None:
        """Work until cancelled. `may_be_alone` (embedded database): check for it at the start."""
        is_present = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take_jobs(is_present))
            group.create_task(self._reap_for_ever(is_present, may_be_alone=may_be_alone))

    async def _take_jobs(self, is_present: asyncio.Event) -> None:
        # Not before: a worker that is alone takes every running step for a dead one's.
        await is_present.wait()
        # The queue's worker ends on a database error; start it again.
        while True:
            try:
                await self._queue.work(
                    self._runner,
                    concurrency=self._settings.concurrency,
                    grace_s=self._settings.shutdown_grace_s,
                )
            except Exception as error:  # noqa: BLE001 - a process edge: the worker must live on
                log.warning("worker_restarts", reason=type(error).__name__)
            await asyncio.sleep(RESTART_S)

    async def _reap_for_ever(self, is_present: asyncio.Event, *, may_be_alone: bool) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=5
                ) as presence:
                    await self._enter(presence, may_be_alone=may_be_alone)
                    is_present.set()
                    await self._reap_while_healthy(presence)
            except (psycopg.Error, OSError, AppError) as error:
                log.warning("reaper_waits", reason=str(error))
            except Exception:  # a process edge: one bad query must not end the process
                log.exception("reaper_failed")
            may_be_alone = may_be_alone and not is_present.is_set()
            await asyncio.sleep(RESTART_S)

    async def _enter(self, presence: Presence, *, may_be_alone: bool) -> None:
        is_alone = may_be_alone and await self._is_alone(presence)
        if is_alone:
            await self.reap(all_workers_dead=True)
        await presence.execute("SELECT pg_advisory_lock_shared(%s)", [PRESENCE_LOCK])
        if is_alone:
            await presence.execute("SELECT pg_advisory_unlock(%s)", [PRESENCE_LOCK])

    async def _reap_while_healthy(self, presence: Presence) -> None:
        healthy_since_s = monotonic_s()
        while True:
            await asyncio.sleep(self._settings.lease_s / 3)
            async with asyncio.timeout(self._settings.lease_s):
                await presence.execute("SELECT 1")
            # After an outage every heartbeat is old: wait until others had time.
            if monotonic_s() - healthy_since_s >= self._settings.lease_s * 1.5:
                await self.reap(all_workers_dead=False)
                await self.close_unplanned()

    async def _is_alone(self, presence: Presence) -> bool:
        # The sessions of a process killed a moment ago take some milliseconds to end.
        for _ in range(ALONE_TRIES):
            got = await presence.execute("SELECT pg_try_advisory_lock(%s)", [PRESENCE_LOCK])
            row = await got.fetchone()
            if row is not None and row[0]:
                return True
            await asyncio.sleep(ALONE_WAIT_S)
        return False

    async def reap(self, *, all_workers_dead: bool) -> int:
        """Take over every lost step; return how many there were."""
        async with self._database.transaction() as session:
            lost = await self._queue.find_lost(
                session, lease_s=self._settings.lease_s, all_workers_dead=all_workers_dead
            )
        for step in lost:
            try:
                await self._take_over(step)
            except Exception:  # the other steps must not wait for this one
                log.exception("step_not_taken_over", step_id=step.step_id)
        async with self._database.transaction() as session:
            await self._queue.sweep(session, lease_s=self._settings.lease_s)
        if lost:
            log.info("steps_taken_over", count=len(lost))
        return len(lost)

    async def close_unplanned(self) -> None:
        """End tasks whose planning was cut off by a crash, long after any planning could last."""
        limit_s = self._settings.step_timeout_s * 2
        async with self._database.transaction() as session:
            await Moves(session, self._queue).close_unplanned(limit_s)

    async def _take_over(self, lost: LostStep) -> None:
        async with self._database.transaction() as session:
            moves = Moves(session, self._queue)
            over = await moves.take_over(
                lost.step_id,
                lost.attempt,
                bound=self._settings.max_worker_deaths,
            )
            await end_if_over(moves, over, self._blobs)
