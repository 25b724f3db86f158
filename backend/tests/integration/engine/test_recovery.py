"""What dead workers leave behind is taken over, once, and not for ever."""

import asyncio

from sqlalchemy import text

from app.core.config import EngineSettings
from app.core.database import Database
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent, Gate
from tests.factories.engine import EngineHarness, OpenEngine, make_plan, make_step


async def leave_running(harness: EngineHarness, *, heartbeat_age_s: int) -> str:
    """Leave a step as a killed worker does: running, its worker's heartbeat old."""
    task_id = await harness.begin(make_plan([make_step("left")]))
    async with harness.database.transaction() as session:
        await session.execute(
            text(
                "WITH w AS (INSERT INTO workers (id, name, heartbeat_at) VALUES "
                "(gen_random_uuid(), 'dead', now() - make_interval(secs => :age)) RETURNING id) "
                "UPDATE agent_tasks SET status = 'running', attempt = 1, worker_id = w.id FROM w "
                "WHERE task_id = :task_id"
            ),
            {"age": heartbeat_age_s, "task_id": task_id},
        )
    return task_id


class TestReap:
    async def test_takes_over_a_step_whose_worker_is_silent_beyond_the_lease(
        self, open_engine: OpenEngine
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            task_id = await leave_running(harness, heartbeat_age_s=31)
            assert await harness.worker.reap(all_workers_dead=False) == 1
            (step,) = await harness.steps(task_id)
        assert (step.status, step.attempt, step.worker_deaths) == ("queued", 1, 1)

    async def test_leaves_a_step_whose_worker_was_heard_within_the_lease(
        self, open_engine: OpenEngine
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            await leave_running(harness, heartbeat_age_s=20)
            assert await harness.worker.reap(all_workers_dead=False) == 0

    async def test_by_two_reapers_at_once_takes_over_once(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            task_id = await leave_running(harness, heartbeat_age_s=60)
            await asyncio.gather(*(harness.worker.reap(all_workers_dead=False) for _ in range(4)))
            (step,) = await harness.steps(task_id)
        assert (step.status, step.worker_deaths) == ("queued", 1)

    async def test_fails_a_step_that_keeps_killing_workers(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        settings = EngineSettings(max_worker_deaths=1)
        async with open_engine(agents=agents, works=False, settings=settings) as harness:
            task_id = await leave_running(harness, heartbeat_age_s=60)
            await harness.worker.reap(all_workers_dead=False)
            (step,) = await harness.steps(task_id)
        assert step.status == "failed"
        assert step.error is not None
        assert step.error["code"] == "poison_step"

    async def test_closes_a_task_whose_worker_died_before_it_could(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            task_id = await harness.begin(make_plan([make_step("s")]))
            async with database.transaction() as session:
                await session.execute(text("UPDATE agent_tasks SET status = 'failed'"))
            await harness.worker.reap(all_workers_dead=False)
            ended = await harness.until(task_id, "task.ended")
        assert ended

    async def test_forgets_workers_that_are_long_silent(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            await leave_running(harness, heartbeat_age_s=301)
            await leave_running(harness, heartbeat_age_s=60)
            await harness.worker.reap(all_workers_dead=False)
            async with database.transaction() as session:
                left = await session.execute(text("SELECT count(*) FROM workers"))
                assert left.scalar_one() == 1


class TestWorkerStart:
    async def test_that_is_alone_does_not_wait_for_the_lease(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as dead:
            task_id = await leave_running(dead, heartbeat_age_s=0)
        async with open_engine(agents=agents, may_be_alone=True) as harness:
            async with asyncio.timeout(10):
                await harness.until(task_id, "task.ended")
            (step,) = await harness.steps(task_id)
        assert (step.status, step.attempt) == ("done", 2)


class TestWorkerLeaving:
    async def test_hands_its_step_back_at_once(
        self, open_engine: OpenEngine, engine_settings: EngineSettings
    ) -> None:
        gate = Gate()
        agents = {AgentName.RESEARCH: ActingAgent(held=gate)}
        async with open_engine(agents=agents, settings=engine_settings) as harness:
            task_id = await harness.begin(make_plan([make_step("held")]))
            await gate.entered.wait()
        async with open_engine(agents=agents, works=False) as after:
            (step,) = await after.steps(task_id)
        assert (step.status, step.attempt, step.worker_deaths) == ("queued", 1, 0)


class TestCloseUnplanned:
    async def test_ends_a_task_whose_planning_was_cut_off_long_ago(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            old, new = [await harness.add_task(make_plan([make_step("s")])) for _ in range(2)]
            async with database.transaction() as session:
                await session.execute(text("UPDATE tasks SET status = 'planning'"))
                await session.execute(
                    text("UPDATE tasks SET created_at = now() - interval '1 day' WHERE id = :id"),
                    {"id": old},
                )
            await harness.worker.close_unplanned()
            async with database.transaction() as session:
                rows = await session.execute(text("SELECT id, status FROM tasks"))
                statuses = {str(row.id): row.status for row in rows}
        assert statuses == {old: "failed", new: "planning"}
