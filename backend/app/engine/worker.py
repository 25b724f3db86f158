"""A worker: runs steps, and takes over what dead workers left. Lives in any process."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from os import getpid
from socket import gethostname

import psycopg

from app.core.clock import monotonic_s
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.errors import AppError
from app.core.ids import new_id
from app.core.logging import get_logger
from app.engine import statements
from app.engine.bell import Bell
from app.engine.completion import careful
from app.engine.connections import Connection, connection_settings
from app.engine.contact import Contact
from app.engine.dispatcher import Dispatcher
from app.engine.moves import Moves
from app.engine.runner import StepRunner
from app.engine.store import TaskStore

Replan = Callable[[str], Coroutine[None, None, None]]
RESTART_S = 1.0
# How late a task is ended at most; its calls stop at the deadline itself.
LOOK_S = 1.0
# Every worker holds this advisory lock, shared, on a connection of its own. Who can take it alone
# knows that no other worker lives: after a crash of the only process nothing has to be waited for.
PRESENCE_LOCK = 7_340_014_002
ALONE_TRIES = 8
ALONE_WAIT_S = 0.15

log = get_logger(__name__)


class Worker:
    """Runs steps and reaps lost ones until cancelled."""

    def __init__(
        self,
        *,
        database: Database,
        psycopg_url: str,
        bell: Bell,
        runner: StepRunner,
        settings: EngineSettings,
        replan: Replan | None = None,
    ) -> None:
        """Take what steps run on; `replan` plans a task anew that asks for it by itself."""
        self.id = new_id()
        self._database = database
        self._url = psycopg_url
        self._runner = runner
        self._settings = settings
        self._replan = replan
        self._dispatcher = Dispatcher(
            url=psycopg_url, worker_id=self.id, runner=runner, bell=bell, settings=settings
        )

    async def run(self, *, may_be_alone: bool) -> None:
        """Work until cancelled. `may_be_alone` (embedded database): check for it at the start."""
        is_present = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take_steps(is_present))
            group.create_task(self._reap_for_ever(is_present, may_be_alone=may_be_alone))
            group.create_task(self._watch(self.expire_tasks, is_present))
            group.create_task(self._watch(self.replan_tasks, is_present))

    async def _take_steps(self, is_present: asyncio.Event) -> None:
        # Not before: a worker that is alone takes every running step for a dead one's.
        await is_present.wait()
        while True:
            try:
                await self._dispatcher.run()
            except Exception:  # a process edge: the worker must live on
                log.exception("worker_restarts")
            await asyncio.sleep(RESTART_S)

    async def _watch(self, chore: Callable[[], Awaitable[None]], is_present: asyncio.Event) -> None:
        await is_present.wait()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await chore()
            except AppError as error:
                log.warning("watch_waits", reason=str(error))
            except Exception:  # a process edge: one bad query must not end the process
                log.exception("watch_failed")

    async def replan_tasks(self) -> None:
        """Plan every task anew that asks for it by itself; one at a time, planning may be long."""
        if self._replan is None or not self._settings.replan_on_failure:
            return
        async with self._database.transaction() as session:
            due = await TaskStore(session).tasks_to_replan()
        for task_id in due:
            await careful(self._replan(task_id))

    async def expire_tasks(self) -> None:
        """End every running task whose deadline has passed; any worker may, and each one looks."""
        async with self._database.transaction() as session:
            late = await TaskStore(session).tasks_past_deadline()
        for task_id in late:
            await careful(self._runner.expire(task_id))

    async def _reap_for_ever(self, is_present: asyncio.Event, *, may_be_alone: bool) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, **connection_settings("presence")
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

    async def _enter(self, presence: Connection, *, may_be_alone: bool) -> None:
        is_alone = may_be_alone and await self._is_alone(presence)
        if is_alone:
            await self.reap(all_workers_dead=True)
        await presence.execute("SELECT pg_advisory_lock_shared(%s)", [PRESENCE_LOCK])
        if is_alone:
            await presence.execute("SELECT pg_advisory_unlock(%s)", [PRESENCE_LOCK])
        await self._beat(presence)

    async def _beat(self, presence: Connection) -> None:
        await presence.execute(
            statements.HEARTBEAT, {"worker_id": self.id, "name": f"{gethostname()}:{getpid()}"}
        )

    async def _reap_while_healthy(self, presence: Connection) -> None:
        contact = Contact(self._settings.lease_s, monotonic_s())
        while True:
            await asyncio.sleep(self._settings.lease_s / 3)
            async with asyncio.timeout(self._settings.lease_s):
                await self._beat(presence)
            contact.beat(monotonic_s())
            self._dispatcher.look_again()
            if contact.may_judge(monotonic_s()):
                await self.reap(all_workers_dead=False)
                await self.close_unplanned()

    async def _is_alone(self, presence: Connection) -> bool:
        # The sessions of a process killed a moment ago take some milliseconds to end.
        for _ in range(ALONE_TRIES):
            got = await presence.execute("SELECT pg_try_advisory_lock(%s)", [PRESENCE_LOCK])
            row = await got.fetchone()
            if row is not None and row[0]:
                return True
            await asyncio.sleep(ALONE_WAIT_S)
        return False

    async def reap(self, *, all_workers_dead: bool) -> int:
        """Take over every lost step and close what nobody closed; return how many steps."""
        async with self._database.transaction() as session:
            store = TaskStore(session)
            lost = await store.lost_steps(
                lease_s=self._settings.lease_s, all_workers_dead=all_workers_dead
            )
            unclosed = await store.unclosed_tasks()
        for step_id, attempt in lost:
            await careful(self._runner.take_over(step_id, attempt))
        for task_id in unclosed:
            await careful(self._runner.close(task_id))
        async with self._database.transaction() as session:
            await TaskStore(session).forget_workers(silent_s=self._settings.lease_s * 10)
        if lost:
            log.info("steps_taken_over", count=len(lost))
        return len(lost)

    async def close_unplanned(self) -> None:
        """End tasks whose planning was cut off by a crash, long after any planning could last."""
        limit_s = self._settings.step_timeout_s * 2
        async with self._database.transaction() as session:
            await Moves(session).close_unplanned(limit_s)
        async with self._database.transaction() as session:
            await Moves(session).drop_left_replans(limit_s)
