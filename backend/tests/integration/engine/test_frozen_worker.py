"""A worker that was frozen, or is slow: not robbed at its waking, it drops what it lost."""

import asyncio

import pytest
from sqlalchemy import text

from app.agents.results import AgentResult
from app.agents.types import AgentContext, AgentTask
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.postgres import DatabaseUnavailable
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent, raising
from tests.factories.engine import OpenEngine, make_plan, make_step
from tests.integration.engine.test_recovery import leave_running

# Long enough that nothing is taken over by itself in a test.
LEASE_S = 60.0
# What the rows look like after another worker's takeover whose notice was lost.
TAKE_OVER_UNHEARD = """
UPDATE agent_tasks SET status = 'queued', worker_id = NULL, worker_deaths = worker_deaths + 1
"""


class SticksOnce:
    """An act whose first attempt waits for ever; `stuck` and `dropped` say how far that is."""

    def __init__(self) -> None:
        self.stuck = asyncio.Event()
        self.dropped = asyncio.Event()

    async def __call__(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Stick, or succeed."""
        if task.attempt > 1:
            return AgentResult(summary="done")
        self.stuck.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.dropped.set()
        raise AssertionError


class TestLosingAStep:
    async def test_to_a_takeover_drops_it(self, open_engine: OpenEngine) -> None:
        act = SticksOnce()
        agents = {AgentName.RESEARCH: ActingAgent(s=act)}
        settings = EngineSettings(lease_s=LEASE_S)
        async with open_engine(agents=agents, settings=settings) as harness:
            task_id = await harness.begin(make_plan([make_step("s")]))
            await act.stuck.wait()
            (step,) = await harness.steps(task_id)
            await harness.runner.take_over(step.id, step.attempt)
            async with asyncio.timeout(15):
                await act.dropped.wait()
                await harness.until(task_id, "task.ended")

    async def test_unheard_drops_it_at_the_next_heartbeat(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        act = SticksOnce()
        agents = {AgentName.RESEARCH: ActingAgent(s=act)}
        settings = EngineSettings(lease_s=3)
        async with open_engine(agents=agents, settings=settings) as harness:
            task_id = await harness.begin(make_plan([make_step("s")]))
            await act.stuck.wait()
            async with database.transaction() as session:
                await session.execute(text(TAKE_OVER_UNHEARD))
            async with asyncio.timeout(30):
                await act.dropped.wait()
                await harness.until(task_id, "task.ended")


class TestWaking:
    @pytest.mark.parametrize("is_forgotten", [False, True], ids=["silent", "forgotten"])
    async def test_keeps_the_step_it_took_before_its_first_heartbeat(
        self, open_engine: OpenEngine, database: Database, *, is_forgotten: bool
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            task_id = await leave_running(harness, heartbeat_age_s=3600)
            async with database.transaction() as session:
                await session.execute(text("UPDATE agent_tasks SET started_at = now()"))
                if is_forgotten:
                    await session.execute(text("DELETE FROM workers"))
            assert await harness.worker.reap(all_workers_dead=False) == 0
            (step,) = await harness.steps(task_id)
            assert step.status == "running"
            async with database.transaction() as session:
                await session.execute(
                    text("UPDATE agent_tasks SET started_at = now() - interval '1 hour'")
                )
            assert await harness.worker.reap(all_workers_dead=False) == 1


class TestMeetingAnOutage:
    async def test_is_no_failure_of_the_step(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        away = raising(DatabaseUnavailable("away"))

        async def away_thrice(task: AgentTask, context: AgentContext) -> AgentResult:
            if task.attempt <= 3:
                return await away(task, context)
            return AgentResult(summary="back")

        agents = {AgentName.RESEARCH: ActingAgent(s=away_thrice)}
        async with open_engine(agents=agents) as harness:
            (step,) = await harness.run(make_plan([make_step("s")]))
            (row,) = await harness.steps(await _only_task(database))
        assert (step.status, row.attempt, row.failures) == ("done", 4, 0)


async def _only_task(database: Database) -> str:
    async with database.transaction() as session:
        found = await session.execute(text("SELECT id::text FROM tasks"))
        return str(found.scalar_one())
