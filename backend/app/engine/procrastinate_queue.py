"""`JobQueue` on Procrastinate. Its schema is ours to read in one place: `find_lost` and `sweep`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import procrastinate
from procrastinate import JobContext, PsycopgConnector
from procrastinate.job_context import AbortReason
from procrastinate.types import JSONDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import driver_connection
from app.engine.queue import LostStep, StepHandler, StepJob

QUEUE = "steps"
TASK_NAME = "run_step"
# Kept small: it serves job fetching and heartbeats only, steps use the application's pool.
POOL_MAX_SIZE = 4

FIND_LOST = text("""
SELECT a.id, a.attempt
FROM agent_tasks a
LEFT JOIN procrastinate_jobs j ON j.id = a.job_id
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE a.status IN ('queued', 'running')
AND (
    j.id IS NULL
    OR j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    OR (j.status = 'doing' AND (
        :all_workers_dead OR w.id IS NULL
        OR w.last_heartbeat < now() - make_interval(secs => :lease_s)
    ))
)
""")
SWEEP_JOBS = text("""
DELETE FROM procrastinate_jobs j
WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
   OR (j.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM agent_tasks a
        WHERE a.job_id = j.id AND a.status IN ('queued', 'running')
   ) AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers w WHERE w.id = j.worker_id
        AND w.last_heartbeat >= now() - make_interval(secs => :lease_s)
   ))
""")
SWEEP_WORKERS = text("""
DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => :silent_s)
""")


class ProcrastinateQueue:
    """One queue in the application's own database."""

    def __init__(self, database_url: str, *, lease_s: float) -> None:
        self._lease_s = lease_s
        self._app = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=database_url, min_size=1, max_size=POOL_MAX_SIZE, timeout=10
            )
        )
        self._handler: StepHandler | None = None
        self._task = self._app.task(name=TASK_NAME, queue=QUEUE, pass_context=True)(self._run)

    async def __aenter__(self) -> "ProcrastinateQueue":
        await self._app.open_async()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._app.close_async()

    async def defer(self, session: AsyncSession, jobs: Sequence[StepJob]) -> list[int]:
        """Add jobs on the session's connection: a rollback takes them with it."""
        connection = await driver_connection(session)
        ids: list[int] = []
        for ready_at, group in _by_ready_at(jobs):
            deferrer = self._task.configure(connection=connection, schedule_at=ready_at)
            arguments: list[JSONDict] = [
                {"step_id": job.step_id, "attempt": job.attempt} for job in group
            ]
            ids += await deferrer.batch_defer_async(*arguments)
        return ids

    async def abort(self, session: AsyncSession, job_ids: Sequence[int]) -> None:
        """Cancel or abort on the session's connection; NOTIFY reaches workers on commit."""
        connection = await driver_connection(session)
        for job_id in job_ids:
            await self._app.job_manager.cancel_job_by_id_async(
                job_id, abort=True, connection=connection
            )

    async def find_lost(
        self, session: AsyncSession, *, lease_s: float, all_workers_dead: bool
    ) -> list[LostStep]:
        """Read the queue's job and worker tables beside our steps."""
        rows = await session.execute(
            FIND_LOST, {"lease_s": lease_s, "all_workers_dead": all_workers_dead}
        )
        return [LostStep(step_id=str(row.id), attempt=row.attempt) for row in rows]

    async def sweep(self, session: AsyncSession, *, lease_s: float) -> None:
        """Delete ended jobs, jobs left by dead workers, and workers silent for ten leases."""
        await session.execute(SWEEP_JOBS, {"lease_s": lease_s})
        await session.execute(SWEEP_WORKERS, {"silent_s": lease_s * 10})

    async def work(self, handler: StepHandler, *, concurrency: int, grace_s: float) -> None:
        """Run Procrastinate's worker in this task."""
        self._handler = handler
        await self._app.run_worker_async(
            queues=[QUEUE],
            concurrency=concurrency,
            install_signal_handlers=False,
            delete_jobs="always",
            shutdown_graceful_timeout=grace_s,
            # Delayed retries send no notification; this bounds how late they are seen.
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=self._lease_s / 3,
            # Ours reaps; its own pruning must never be first.
            stalled_worker_timeout=self._lease_s * 20,
        )

    async def _run(self, context: JobContext, step_id: str, attempt: int) -> None:
        if self._handler is None:
            message = "work() first"
            raise RuntimeError(message)
        try:
            await self._handler.run(step_id, attempt)
        except asyncio.CancelledError:
            if context.abort_reason() is AbortReason.SHUTDOWN:
                await self._handler.hand_back(step_id, attempt)
            raise


def _by_ready_at(jobs: Sequence[StepJob]) -> list[tuple[datetime | None, list[StepJob]]]:
    groups: dict[datetime | None, list[StepJob]] = {}
    for job in jobs:
        groups.setdefault(job.ready_at, []).append(job)
    return list(groups.items())
