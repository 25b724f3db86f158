"""What a worker's turn hands out, to whom, and what one bad result does to the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import text

from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus
from app.agents.types import AgentContext, AgentTask
from app.core.database import Database, psycopg_url
from app.core.ids import new_id
from app.engine.turns import Limits, Turn, Turns
from app.models import User
from app.schemas.plan import AgentName
from tests.factories.agents import ActingAgent
from tests.factories.engine import EngineHarness, OpenEngine, make_plan, make_step


@pytest.fixture
async def idle(open_engine: OpenEngine) -> AsyncIterator[EngineHarness]:
    async with open_engine(agents={}, works=False) as harness:
        yield harness


@pytest.fixture
async def turns(database_url: str) -> AsyncIterator[Turns]:
    opened = await Turns.open(psycopg_url(database_url), new_id())
    yield opened
    await opened.close()


async def add_user(database: Database, name: str) -> str:
    async with database.transaction() as session:
        user = User(id=new_id(), email=f"{name}@example.org", name=name)
        session.add(user)
    return user.id


async def start(
    harness: EngineHarness, keys: Sequence[str], *, user_id: str | None = None, priority: int = 0
) -> str:
    """Start a task of independent steps."""
    plan = make_plan([make_step(key) for key in keys])
    task_id = await harness.add_task(plan)
    async with harness.database.transaction() as session:
        await session.execute(
            text(
                "UPDATE tasks SET user_id = coalesce(:user, user_id), priority = :p WHERE id = :id"
            ),
            {"user": user_id, "p": priority, "id": task_id},
        )
    await harness.start(task_id, plan)
    return task_id


def limits(free: int, *, user: int = 100, total: int = 100) -> Limits:
    return Limits(free=free, user=user, total=total)


def keys_of(turn: Turn) -> list[str]:
    return sorted(step.key for step in turn.claimed)


class TestTake:
    async def test_takes_no_more_than_is_free(self, idle: EngineHarness, turns: Turns) -> None:
        await start(idle, ["a", "b", "c"])
        assert keys_of(await turns.take([], limits(2))) == ["a", "b"]
        assert keys_of(await turns.take([], limits(2))) == ["c"]

    async def test_runs_no_more_of_one_user_than_allowed(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        await start(idle, ["a", "b", "c"])
        assert len((await turns.take([], limits(9, user=2))).claimed) == 2
        assert (await turns.take([], limits(9, user=2))).claimed == ()

    async def test_runs_no_more_of_all_than_allowed(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        await start(idle, ["a", "b", "c"])
        assert len((await turns.take([], limits(9, total=1))).claimed) == 1
        assert (await turns.take([], limits(9, total=1))).claimed == ()

    async def test_shares_between_users_whoever_came_first(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        heavy, light = [await add_user(idle.database, name) for name in ("heavy", "light")]
        await start(idle, [f"h{i}" for i in range(9)], user_id=heavy)
        await turns.take([], limits(3))
        await start(idle, ["l0", "l1"], user_id=light)
        assert keys_of(await turns.take([], limits(2))) == ["l0", "l1"]

    async def test_takes_what_is_of_higher_priority_first(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        await start(idle, ["later"])
        await start(idle, ["sooner"], priority=5)
        assert keys_of(await turns.take([], limits(1))) == ["sooner"]

    async def test_lets_no_priority_go_before_another_user(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        light, pushing = [await add_user(idle.database, name) for name in ("light", "pushing")]
        await start(idle, ["l0"], user_id=light)
        await start(idle, [f"p{i}" for i in range(9)], user_id=pushing, priority=1)
        assert keys_of(await turns.take([], limits(1))) == ["l0"]

    async def test_leaves_a_step_whose_time_has_not_come(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        await start(idle, ["a"])
        async with idle.database.transaction() as session:
            await session.execute(text("UPDATE agent_tasks SET ready_at = now() + interval '1 h'"))
        assert (await turns.take([], limits(1))).claimed == ()

    async def test_does_not_wait_for_a_task_that_another_move_holds(
        self, idle: EngineHarness, turns: Turns
    ) -> None:
        task_id = await start(idle, ["a"])
        async with idle.database.transaction() as session:
            await session.execute(
                text("SELECT 1 FROM tasks WHERE id = :id FOR UPDATE"), {"id": task_id}
            )
            async with asyncio.timeout(10):
                turn = await turns.take([], limits(1))
        assert turn.claimed == ()
        assert turn.was_barred
        assert keys_of(await turns.take([], limits(1))) == ["a"]

    async def test_by_many_workers_at_once_takes_each_step_once(
        self, idle: EngineHarness, database_url: str
    ) -> None:
        names = [f"s{i:02}" for i in range(40)]
        await start(idle, names)
        workers = [await Turns.open(psycopg_url(database_url), new_id()) for _ in range(4)]
        taken: list[str] = []

        async def take_all(worker: Turns) -> None:
            while True:
                turn = await worker.take([], limits(3))
                taken.extend(step.key for step in turn.claimed)
                if not turn.claimed and not turn.was_barred:
                    return

        await asyncio.gather(*(take_all(worker) for worker in workers))
        for worker in workers:
            await worker.close()
        assert sorted(taken) == names


async def with_nul(task: AgentTask, context: AgentContext) -> AgentResult:
    """Return what no PostgreSQL text can hold."""
    return AgentResult(summary="a\x00b")


class TestDispatcher:
    async def test_fails_the_step_whose_result_cannot_be_written_and_no_other(
        self, open_engine: OpenEngine
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent(bad=with_nul)}
        async with open_engine(agents=agents) as harness:
            done = await harness.run(make_plan([make_step("good"), make_step("bad")]))
        assert {task.key: str(task.status) for task in done} == {"good": "done", "bad": "failed"}

    async def test_drops_a_running_step_when_its_task_is_stopped(
        self, open_engine: OpenEngine
    ) -> None:
        dropped = asyncio.Event()
        entered = asyncio.Event()

        async def hang(task: AgentTask, context: AgentContext) -> AgentResult:
            entered.set()
            try:
                await asyncio.Event().wait()
            finally:
                dropped.set()
            raise AssertionError

        agents = {AgentName.RESEARCH: ActingAgent(hangs=hang)}
        async with open_engine(agents=agents) as harness:
            task_id = await start(harness, ["hangs"])
            await entered.wait()
            await harness.stop(task_id, TaskStatus.CANCELLED)
            async with asyncio.timeout(10):
                await dropped.wait()

    async def test_gives_back_what_it_took_without_hearing_of_it(
        self, open_engine: OpenEngine, database_url: str
    ) -> None:
        agents = {AgentName.RESEARCH: ActingAgent()}
        async with open_engine(agents=agents, works=False) as harness:
            task_id = await start(harness, ["lost"])
            # The commit of a turn whose acknowledgement never arrived.
            other = await Turns.open(psycopg_url(database_url), harness.worker.id)
            await other.take([], limits(1))
            await other.close()
            running = asyncio.ensure_future(harness.worker.run(may_be_alone=False))
            async with asyncio.timeout(10):
                await harness.until(task_id, "task.ended")
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            (step,) = await harness.steps(task_id)
        assert (step.status, step.attempt) == ("done", 2)
