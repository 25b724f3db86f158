"""A worker that starts, and a reaper that nothing ends."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database, psycopg_url
from app.engine import Worker
from app.engine.queue import LostStep, StepHandler, StepJob
from app.engine.runner import StepRunner, Workshop
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent
from tests.factories.engine import NoMind, NoSources, make_plan, make_step, open_engine_harness


class ScriptedQueue:
    """A queue whose `find_lost` first does what the test says; it tells what it was asked."""

    def __init__(self, *outcomes: Exception | list[LostStep]) -> None:
        self._outcomes = list(outcomes)
        self.asked: list[str] = []
        self.is_through = asyncio.Event()

    async def defer(self, session: AsyncSession, jobs: Sequence[StepJob]) -> list[int]:
        """Number the jobs."""
        return list(range(len(jobs)))

    async def abort(self, session: AsyncSession, job_ids: Sequence[int]) -> None:
        """Abort nothing."""

    async def find_lost(
        self, session: AsyncSession, *, lease_s: float, all_workers_dead: bool
    ) -> list[LostStep]:
        """Raise or return the next outcome."""
        self.asked.append("find_lost")
        if not self._outcomes:
            self.is_through.set()
            return []
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def sweep(self, session: AsyncSession, *, lease_s: float) -> None:
        """Sweep nothing."""

    async def work(self, handler: StepHandler, *, concurrency: int, grace_s: float) -> None:
        """Take no job."""
        self.asked.append("work")
        await asyncio.Event().wait()


def worker_on(queue: ScriptedQueue, database: Database, url: str, blobs: BlobStore) -> Worker:
    settings = EngineSettings(lease_s=0.03)
    workshop = Workshop(agents={}, composer_for=NoMind(), libraries=NoSources(), blobs=blobs)
    return Worker(
        database=database,
        psycopg_url=psycopg_url(url),
        queue=queue,
        runner=StepRunner(database, queue, workshop, settings),
        blobs=blobs,
        settings=settings,
    )


class TestRun:
    async def test_takes_no_job_before_it_has_reaped_those_of_the_dead(
        self, database: Database, database_url: str, blobs: BlobStore
    ) -> None:
        queue = ScriptedQueue()
        worker = worker_on(queue, database, database_url, blobs)
        running = asyncio.ensure_future(worker.run(may_be_alone=True))
        await queue.is_through.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert queue.asked[0] == "find_lost"

    async def test_lets_another_worker_reap_as_well(
        self, database: Database, database_url: str, blobs: BlobStore
    ) -> None:
        first, second = ScriptedQueue(), ScriptedQueue()
        async with asyncio.timeout(20):
            runs = [
                asyncio.ensure_future(
                    worker_on(first, database, database_url, blobs).run(may_be_alone=True)
                )
            ]
            await first.is_through.wait()
            runs.append(
                asyncio.ensure_future(
                    worker_on(second, database, database_url, blobs).run(may_be_alone=False)
                )
            )
            await second.is_through.wait()
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def test_goes_on_after_an_error_of_its_reaper(
        self, database: Database, database_url: str, blobs: BlobStore
    ) -> None:
        deadlock = OperationalError("SELECT 1", {}, Exception("deadlock detected"))
        queue = ScriptedQueue(deadlock)
        running = asyncio.ensure_future(
            worker_on(queue, database, database_url, blobs).run(may_be_alone=True)
        )
        through = asyncio.ensure_future(queue.is_through.wait())
        await asyncio.wait({running, through}, return_when=asyncio.FIRST_COMPLETED)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, through, return_exceptions=True)


class TestReap:
    async def test_takes_over_the_others_when_one_step_cannot_be(
        self, database: Database, database_url: str, blobs: BlobStore
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine_harness(
            database, database_url, blobs, agents=agents, works=False
        ) as harness:
            plan = make_plan([make_step("s")])
            task_id = await harness.add_task(plan)
            await harness.start(task_id, plan)
            (step,) = await harness.steps(task_id)
            gone = LostStep(step_id="00000000-0000-4000-8000-000000000000", attempt=1)
            queue = ScriptedQueue([gone, LostStep(step_id=step.id, attempt=1)])
            await worker_on(queue, database, database_url, blobs).reap(all_workers_dead=False)
            (step,) = await harness.steps(task_id)
        assert step.attempt == 2

    async def test_fails_a_step_whose_job_ends_without_it_time_after_time(
        self, database: Database, database_url: str, blobs: BlobStore
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        settings = EngineSettings(max_worker_deaths=2)
        async with open_engine_harness(
            database, database_url, blobs, agents=agents, works=False, settings=settings
        ) as harness:
            plan = make_plan([make_step("s")])
            task_id = await harness.add_task(plan)
            await harness.start(task_id, plan)
            for _ in range(2):
                (step,) = await harness.steps(task_id)
                assert step.job_id is not None
                async with database.transaction() as session:
                    await harness.queue.abort(session, [step.job_id])
                await harness.worker.reap(all_workers_dead=False)
            (step,) = await harness.steps(task_id)
        assert step.status == "failed"
