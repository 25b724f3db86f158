"""A task's deadline: held by the rows, whoever looks and whatever crashed."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app.agents.results import AgentResult
from app.agents.types import AgentContext, AgentTask
from app.core.database import Database
from app.core.errors import Conflict
from app.engine import LedgerDesk
from app.engine.deadlines import DeadlinePassed
from app.schemas.plan import AgentName
from app.schemas.replan import ReplanRequest
from tests.factories.agents import ActingAgent, Gate
from tests.factories.engine import EngineHarness, LedgerMind, OpenEngine, make_plan, make_step
from tests.factories.ledger import money_of
from tests.factories.model_calls import Sender, make_request
from tests.factories.replanning import make_services

CENT = Decimal("0.01")
PLAN = make_plan(
    [
        make_step("quick"),
        make_step("slow", "quick"),
        make_step("next", "slow"),
        make_step("extra", "slow", required=False),
    ]
)


async def begin(harness: EngineHarness, deadline_s: float = 3600) -> str:
    task_id = await harness.add_task(PLAN)
    async with harness.database.transaction() as session:
        await session.execute(text("UPDATE tasks SET deadline_s = :s"), {"s": deadline_s})
    await harness.start(task_id, PLAN)
    return task_id


async def let_time_pass(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("UPDATE tasks SET deadline_at = now() - interval '1 second'"))


async def row_of(database: Database) -> Any:
    query = text("SELECT status, error, deadline_s, deadline_at > now() AS is_ahead FROM tasks")
    async with database.transaction() as session:
        return (await session.execute(query)).one()


class TestDeadline:
    async def test_begins_with_the_task(self, open_engine: OpenEngine, database: Database) -> None:
        async with open_engine(agents={}, works=False) as harness:
            await begin(harness)
        assert (await row_of(database)).is_ahead

    async def test_ends_the_task_with_what_is_done_and_a_new_one_lets_it_go_on(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        gate = Gate()
        agent = ActingAgent(slow=gate)
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            services = await make_services(harness, desk)
            task_id = await begin(harness)
            await gate.entered.wait()
            await let_time_pass(database)
            seen = await harness.until(task_id, "task.ended")
            steps = {step.key: step for step in await harness.steps(task_id)}
            assert {key: step.status for key, step in steps.items()} == {
                "quick": "done",
                "slow": "failed",
                "next": "blocked",
                "extra": "skipped",
            }
            assert steps["slow"].error is not None
            assert steps["slow"].error["code"] == "deadline_passed"
            ended = await row_of(database)
            assert ended.status == "failed"
            assert ended.error["code"] == "deadline_passed"
            assert "--deadline-s" in ended.error["message"]
            with pytest.raises(DeadlinePassed, match="give it a new one"):
                await services.tasks.resume(services.user_id, task_id)
            with pytest.raises(DeadlinePassed):
                await services.replans.replan(services.user_id, task_id, ReplanRequest())
            gate.opened.set()
            await services.tasks.resume(services.user_id, task_id, deadline_s=3600)
            await harness.until(task_id, "task.ended", after=seen)
            done = await row_of(database)
        assert (done.status, done.error, done.is_ahead) == ("done", None, True)
        assert agent.runs.count("quick") == 1

    async def test_holds_for_a_task_whose_workers_all_died(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            task_id = await begin(harness)
        await let_time_pass(database)
        agent = ActingAgent()
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            await harness.until(task_id, "task.ended")
        assert agent.runs == []
        assert (await row_of(database)).status == "failed"

    async def test_is_held_once_by_many_workers(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        async with (
            open_engine(agents={}, works=False) as one,
            open_engine(agents={}, works=False) as two,
        ):
            task_id = await begin(one)
            await let_time_pass(database)
            await one.worker.expire_tasks()
            await two.worker.expire_tasks()
            await two.runner.expire(task_id)
        query = text("SELECT count(*) FROM task_events WHERE kind = 'task.ended'")
        async with database.transaction() as session:
            assert (await session.execute(query)).scalar_one() == 1

    async def test_lets_no_call_be_paid_even_before_anybody_looks(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        late = Sender()

        async def slow(task: AgentTask, context: AgentContext) -> AgentResult:
            assert isinstance(context.composer, LedgerMind)
            await context.composer.ledger.call(make_request("in time"), CENT, Sender())
            await let_time_pass(database)
            with pytest.raises(Conflict):
                await context.composer.ledger.call(make_request("late"), CENT, late)
            return AgentResult(summary="never handed in late")

        agents = {AgentName.RESEARCH: ActingAgent(slow=slow)}
        async with open_engine(agents=agents) as harness:
            task_id = await begin(harness)
            await harness.until(task_id, "task.ended")
        assert late.keys == []
        assert await money_of(database, task_id) == (CENT, Decimal(0))

    async def test_does_not_end_a_paused_task(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            services = await make_services(harness, desk)
            task_id = await begin(harness)
            await services.tasks.pause(services.user_id, task_id)
            await let_time_pass(database)
            await harness.worker.expire_tasks()
            assert (await row_of(database)).status == "paused"
            with pytest.raises(DeadlinePassed):
                await services.tasks.resume(services.user_id, task_id)
