"""A worker that starts, and a reaper that nothing ends."""

import asyncio

from sqlalchemy import text

from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database, psycopg_url
from app.engine import Bell, LedgerDesk, Worker
from app.engine.runner import StepRunner, Workshop
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent
from tests.factories.engine import (
    NoMind,
    NoSources,
    OpenEngine,
)
from tests.integration.engine.test_recovery import leave_running

QUICK = EngineSettings(lease_s=0.03)


class StumblingRunner(StepRunner):
    """A runner whose first takeover fails as a deadlock would."""

    def __init__(self, database: Database, desk: LedgerDesk, blobs: BlobStore) -> None:
        workshop = Workshop(agents={}, composer_for=NoMind(), libraries=NoSources(), blobs=blobs)
        super().__init__(database, desk, workshop, QUICK)
        self._has_stumbled = False
        self.took_over = asyncio.Event()

    async def take_over(self, step_id: str, attempt: int) -> None:
        """Stumble once."""
        if not self._has_stumbled:
            self._has_stumbled = True
            raise RuntimeError("deadlock detected")
        await super().take_over(step_id, attempt)
        self.took_over.set()


def worker_with(runner: StepRunner, database: Database, url: str) -> Worker:
    return Worker(
        database=database,
        psycopg_url=psycopg_url(url),
        bell=Bell(psycopg_url(url)),
        runner=runner,
        settings=QUICK,
    )


class TestRun:
    async def test_lets_another_worker_reap_as_well(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with (
            open_engine(agents=agents, settings=QUICK, may_be_alone=True),
            open_engine(agents=agents, settings=QUICK) as second,
        ):
            task_id = await leave_running(second, heartbeat_age_s=60)
            async with asyncio.timeout(20):
                await second.until(task_id, "task.ended")

    async def test_goes_on_after_an_error_of_its_reaper(
        self,
        open_engine: OpenEngine,
        database: Database,
        database_url: str,
        desk: LedgerDesk,
        blobs: BlobStore,
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            await leave_running(harness, heartbeat_age_s=60)
            runner = StumblingRunner(database, desk, blobs)
            worker = worker_with(runner, database, database_url)
            running = asyncio.ensure_future(worker.run(may_be_alone=False))
            async with asyncio.timeout(20):
                await runner.took_over.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


class TestReap:
    async def test_takes_over_the_others_when_one_step_cannot_be(
        self,
        open_engine: OpenEngine,
        database: Database,
        database_url: str,
        desk: LedgerDesk,
        blobs: BlobStore,
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            tasks = [await leave_running(harness, heartbeat_age_s=60) for _ in range(2)]
            worker = worker_with(StumblingRunner(database, desk, blobs), database, database_url)
            await worker.reap(all_workers_dead=False)
            statuses = [(await harness.steps(task_id))[0].status for task_id in tasks]
        assert sorted(statuses) == ["queued", "running"]

    async def test_fails_a_step_that_is_lost_time_after_time(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        settings = EngineSettings(max_worker_deaths=2)
        async with open_engine(agents={}, works=False, settings=settings) as harness:
            task_id = await leave_running(harness, heartbeat_age_s=60)
            await harness.worker.reap(all_workers_dead=False)
            async with database.transaction() as session:
                await session.execute(
                    text("UPDATE agent_tasks SET status = 'running', worker_id = NULL")
                )
            await harness.worker.reap(all_workers_dead=False)
            (step,) = await harness.steps(task_id)
        assert step.status == "failed"
