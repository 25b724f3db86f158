"""Moves that must not be made, and money that no move may leave behind."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from app.agents.errors import BudgetExceeded, TaskFailed
from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus, TransitionForbidden
from app.agents.types import AgentContext, AgentTask
from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent, Gate, make_much
from tests.factories.engine import (
    EngineHarness,
    LedgerMind,
    OpenEngine,
    make_plan,
    make_step,
)
from tests.factories.ledger import call_statuses, money_of
from tests.factories.model_calls import Sender, make_request

CENT = Decimal("0.01")
ZERO = Decimal(0)


async def status_of(harness: EngineHarness, task_id: str) -> str:
    async with harness.database.transaction() as session:
        found = await session.execute(
            text("SELECT status FROM tasks WHERE id = :id"), {"id": task_id}
        )
        return str(found.scalar_one())


async def leave_open_call(harness: EngineHarness, task_id: str, key: str) -> None:
    """Leave what a killed worker leaves: a reservation that nobody will settle."""
    async with harness.database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO model_calls (id, task_id, step_key, seq, send, attempt, operation, "
                "model, request_hash, status, reserved_usd) VALUES (gen_random_uuid(), :task, "
                ":key, 1, 1, 1, 'research', 'm', 'h', 'intent', 0.02)"
            ),
            {"task": task_id, "key": key},
        )
        await session.execute(text("UPDATE tasks SET reserved_usd = reserved_usd + 0.02"))
        await session.execute(
            text("UPDATE agent_tasks SET reserved_usd = reserved_usd + 0.02 WHERE key = :key"),
            {"key": key},
        )


class TestStart:
    async def test_a_paused_task(self, open_engine: OpenEngine) -> None:
        async with open_engine(agents={}, works=False) as harness:
            plan = make_plan([make_step("one")])
            task_id = await harness.begin(plan)
            await harness.stop(task_id, TaskStatus.PAUSED)
            with pytest.raises(TransitionForbidden):
                await harness.start(task_id, plan)


class TestResume:
    @pytest.mark.parametrize("status", ["planned", "cancelled", "failed"])
    async def test_a_task_that_never_started(
        self, open_engine: OpenEngine, database: Database, status: str
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            task_id = await harness.add_task(make_plan([make_step("one")]))
            async with database.transaction() as session:
                await session.execute(text("UPDATE tasks SET status = :s"), {"s": status})
            with pytest.raises(TransitionForbidden, match="never started"):
                await harness.resume(task_id)
            assert await status_of(harness, task_id) == status

    async def test_asks_anew_in_a_step_whose_sources_run_again(
        self, open_engine: OpenEngine
    ) -> None:
        failing = True
        capped = True

        async def flaky(task: AgentTask, context: AgentContext) -> AgentResult:
            if failing:
                raise TaskFailed("it broke")
            return AgentResult(summary="fine")

        async def review(task: AgentTask, context: AgentContext) -> AgentResult:
            assert isinstance(context.composer, LedgerMind)
            request = make_request(f"missing {sorted(context.missing)}")
            await context.composer.ledger.call(request, CENT, Sender())
            if capped:
                raise BudgetExceeded("the cap is reached")
            return AgentResult(summary="reviewed")

        agents = {AgentName.RESEARCH: ActingAgent(flaky=flaky, review=review)}
        async with open_engine(agents=agents) as harness:
            task_id = await harness.begin(
                make_plan([make_step("flaky"), make_step("review", after=("flaky",))])
            )
            seen = await harness.until(task_id, "task.paused")
            failing = capped = False
            await harness.resume(task_id)
            await harness.until(task_id, "task.ended", after=seen)
            steps = {step.key: step for step in await harness.steps(task_id)}
        assert {key: step.status for key, step in steps.items()} == {
            "flaky": "done",
            "review": "done",
        }


class TestCapOfAStep:
    async def test_pauses_the_task_and_a_higher_one_lets_it_go_on(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        async def pay(task: AgentTask, context: AgentContext) -> AgentResult:
            assert isinstance(context.composer, LedgerMind)
            for number in range(2):
                await context.composer.ledger.call(make_request(str(number)), CENT, Sender())
            return AgentResult(summary="paid")

        agents = {AgentName.RESEARCH: ActingAgent(pays=pay)}
        async with open_engine(agents=agents) as harness:
            task_id = await harness.begin(
                make_plan([make_step("pays", cap_usd=0.01), make_step("free")])
            )
            seen = await harness.until(task_id, "task.paused")
            async with database.transaction() as session:
                error = (await session.execute(text("SELECT error FROM tasks"))).scalar_one()
                await session.execute(text("UPDATE agent_tasks SET cap_usd = 0.02"))
            assert (error["scope"], error["step"]) == ("step", "pays")
            await harness.resume(task_id)
            await harness.until(task_id, "task.ended", after=seen)
            assert await status_of(harness, task_id) == "done"
        assert await money_of(database, task_id) == (CENT * 2, ZERO)


class TestCancel:
    async def test_counts_a_call_left_open_at_its_worst(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            task_id = await harness.begin(make_plan([make_step("one")]))
            await leave_open_call(harness, task_id, "one")
            await harness.stop(task_id, TaskStatus.CANCELLED)
        assert await money_of(database, task_id) == (CENT * 2, ZERO)
        assert await call_statuses(database, task_id) == ["unknown"]


class TestEnd:
    async def test_leaves_no_reservation(self, open_engine: OpenEngine, database: Database) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents) as harness:
            plan = make_plan([make_step("one")])
            task_id = await harness.add_task(plan)
            await leave_open_call(harness, task_id, "plan")
            await harness.start(task_id, plan)
            await harness.until(task_id, "task.ended")
        assert await money_of(database, task_id) == (CENT * 2, ZERO)

    async def test_with_a_lost_result_tells_what_is_missing(
        self, open_engine: OpenEngine, blobs: BlobStore
    ) -> None:
        gate = Gate()
        agents = {AgentName.RESEARCH: ActingAgent(lost=make_much, last=gate)}
        async with open_engine(agents=agents) as harness:
            task_id = await harness.begin(make_plan([make_step("lost"), make_step("last")]))
            await harness.until(task_id, "step.done")
            await gate.entered.wait()
            for step in await harness.steps(task_id):
                if step.result_sha256 is not None:
                    blobs.path(step.result_sha256).unlink()
            gate.opened.set()
            await harness.until(task_id, "task.ended")
            assert await status_of(harness, task_id) == "failed"


class TestStep:
    async def test_whose_sources_result_is_lost_fails_and_says_so(
        self, open_engine: OpenEngine, blobs: BlobStore
    ) -> None:
        gate = Gate()
        agents = {AgentName.RESEARCH: ActingAgent(a=make_much, between=gate)}
        async with open_engine(
            agents=agents,
            settings=EngineSettings(max_attempts=1),
        ) as harness:
            task_id = await harness.begin(
                make_plan([make_step("a"), make_step("between"), make_step("b", "a", "between")])
            )
            await harness.until(task_id, "step.done")
            await gate.entered.wait()
            (lost,) = [s.result_sha256 for s in await harness.steps(task_id) if s.result_sha256]
            blobs.path(lost).unlink()
            gate.opened.set()
            await harness.until(task_id, "task.ended")
            steps = {step.key: step for step in await harness.steps(task_id)}
        assert steps["b"].status == "failed"
        assert steps["b"].error is not None
        assert steps["b"].error["code"] == "blob_not_found"


class TestPlanningLedger:
    async def test_is_settled_when_planning_was_cut_off(
        self, open_engine: OpenEngine, database: Database
    ) -> None:
        async with open_engine(agents={}, works=False) as harness:
            task_id = await harness.add_task(make_plan([make_step("s")]))
            await leave_open_call(harness, task_id, "plan")
            async with database.transaction() as session:
                await session.execute(
                    text(
                        "UPDATE tasks SET status = 'planning', "
                        "created_at = now() - interval '1 day'"
                    )
                )
            await harness.worker.close_unplanned()
        assert await money_of(database, task_id) == (CENT * 2, ZERO)
