"""Random plans on the real engine: random costs, failures, retries, caps, pauses and resumes."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.agents.errors import TaskFailed
from app.agents.ledger_port import ModelReply, SendFault, SendRejected, SendUncertain
from app.agents.results import AgentResult
from app.agents.transitions import ENDED_STEPS, ENDED_TASKS, TaskStatus, TransitionForbidden
from app.agents.types import AgentContext, AgentTask, StepStatus
from app.core.config import EngineSettings
from app.core.database import Database
from app.engine import TaskStore
from app.schemas.plan import AgentName
from app.services.tasks.caps import set_cap, set_step_caps
from tests.factories.engine import EngineHarness, LedgerMind, OpenEngine
from tests.factories.model_calls import Send, make_reply, make_request
from tests.factories.random_dags import DagDice, Fate, RandomDag

A_DOZEN, MANY = 12, 200
# After so many refusals the user gives up and cancels.
MOST_RESUMES = 10
HANG_S = 120
SETTINGS = EngineSettings(
    concurrency=6, user_concurrency=6, max_attempts=3, first_backoff_s=0.001, shutdown_grace_s=0.2
)


class PayingAgent:
    """Makes the calls of each step; what becomes of each send is thrown. Keeps its own bill."""

    def __init__(self, dag: RandomDag, dice: DagDice) -> None:
        self._dag, self._dice = dag, dice
        self.billed_usd = Decimal(0)
        self.plan_steps = dag.plan.steps

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Make the step's calls."""
        assert isinstance(context.composer, LedgerMind)
        for number, reserve in enumerate(self._dag.reserves[task.key]):
            request = make_request(f"{task.key} {number}")
            await context.composer.ledger.call(request, reserve, self._send(reserve))
        if self._dice.chance(0.05):
            raise TaskFailed("the dice said so")
        return AgentResult(summary=task.key)

    def _send(self, reserve: Decimal) -> Send:
        async def send(_key: str) -> ModelReply:
            await asyncio.sleep(self._dice.random.random() / 200)
            fate, cost = self._dice.fate(), self._dice.cost(reserve)
            if fate is Fate.REJECTED:
                raise SendRejected("no", fault=SendFault.RATE_LIMITED)
            if fate is Fate.UNKNOWN:
                self.billed_usd += cost * self._dice.random.randint(0, 1)
                raise SendUncertain("cut", fault=SendFault.STREAM_CUT)
            self.billed_usd += cost
            return make_reply(cost_usd=str(cost))

        return send


async def set_day_cap(database: Database, cap: Decimal | None) -> None:
    async with database.transaction() as session:
        await session.execute(text("UPDATE users SET daily_cap_usd = :cap"), {"cap": cap})
        await session.execute(
            text(
                "UPDATE spend_limits SET cap_usd = greatest(:cap, spent_usd + reserved_usd)"
                if cap is not None
                else "UPDATE spend_limits SET cap_usd = NULL"
            ),
            {"cap": cap} if cap is not None else {},
        )


class Watch:
    """Samples the sums of every scope from a connection of its own."""

    QUERY = text(
        "SELECT 'step', spent_usd + reserved_usd, cap_usd FROM agent_tasks UNION ALL "
        "SELECT 'task', spent_usd + reserved_usd, cap_usd FROM tasks UNION ALL "
        "SELECT scope, spent_usd + reserved_usd, cap_usd FROM spend_limits"
    )

    def __init__(self, database: Database) -> None:
        self._database = database
        self.samples = 0

    async def look(self) -> None:
        """Check every scope once."""
        async with self._database.transaction() as session:
            rows = (await session.execute(self.QUERY)).all()
        for scope, used, cap in rows:
            assert used >= 0, scope
            assert cap is None or used <= cap, (scope, used, cap)
        self.samples += 1


class User:
    """Looks at a running task; pauses it, raises its caps and resumes it, or gives up."""

    def __init__(self, harness: EngineHarness, dag: RandomDag, dice: DagDice, task_id: str) -> None:
        self._harness, self._dag, self._dice, self._task_id = harness, dag, dice, task_id
        self.resumed = 0

    async def follow(self) -> None:
        """Stay until the task has ended."""
        watch = Watch(self._harness.database)
        async with asyncio.timeout(HANG_S):
            while (status := await self._status()) not in ENDED_TASKS:
                await watch.look()
                if status is TaskStatus.PAUSED:
                    await self._decide()
                elif self._dice.chance(0.03):
                    await self._stop(TaskStatus.PAUSED)
                await asyncio.sleep(0.005)
            await watch.look()
        assert watch.samples > 1

    async def _decide(self) -> None:
        if self.resumed >= MOST_RESUMES:
            await self._stop(TaskStatus.CANCELLED)
            return
        await self._raise_caps()
        await self._harness.resume(self._task_id)
        self.resumed += 1

    async def _stop(self, status: TaskStatus) -> None:
        try:
            await self._harness.stop(self._task_id, status)
        except TransitionForbidden:
            # It ended, or reached a cap, a moment before.
            return

    async def _raise_caps(self) -> None:
        factor = Decimal(self.resumed + 2)
        async with self._harness.database.transaction() as session:
            store = TaskStore(session)
            task = await store.lock_task(self._task_id)
            set_cap(task, float(max(task.cap_usd, self._dag.worst_usd / 4 * factor)))
            steps = await store.steps(self._task_id)
            caps = {s.key: float(s.cap_usd * factor) for s in steps if s.cap_usd is not None}
            set_step_caps(steps, {key: cap for key, cap in caps.items() if self._dice.chance(0.7)})
        if self._dag.day_cap is not None and self._dice.chance(0.7):
            await set_day_cap(self._harness.database, self._dag.day_cap * factor)

    async def _status(self) -> TaskStatus:
        async with self._harness.database.transaction() as session:
            found = await session.execute(
                text("SELECT status FROM tasks WHERE id = :id"), {"id": self._task_id}
            )
            return TaskStatus(found.scalar_one())


MONEY = text(
    "SELECT t.status, t.result -> 'census', t.spent_usd, t.reserved_usd, "
    "(SELECT coalesce(sum(c.cost_usd), 0) FROM model_calls c WHERE c.task_id = t.id), "
    "(SELECT coalesce(sum(a.spent_usd), 0) FROM agent_tasks a WHERE a.task_id = t.id), "
    "(SELECT coalesce(sum(a.reserved_usd), 0) FROM agent_tasks a WHERE a.task_id = t.id), "
    "(SELECT coalesce(sum(l.spent_usd), 0) FROM spend_limits l), "
    "(SELECT coalesce(sum(l.reserved_usd), 0) FROM spend_limits l), "
    "t.event_seq = (SELECT count(*) FROM task_events e WHERE e.task_id = t.id) "
    "FROM tasks t WHERE t.id = :id"
)


async def check_end(harness: EngineHarness, task_id: str, agent: PayingAgent) -> str:
    """Check that nothing waits, nothing is held, and that all books say the same."""
    async with harness.database.transaction() as session:
        row = (await session.execute(MONEY, {"id": task_id})).one()
    status, census, spent, held, ledger, by_steps, held_by_steps, day, held_day, is_whole = row
    assert spent == ledger == by_steps == day
    assert held == held_by_steps == held_day == 0
    assert spent >= agent.billed_usd
    assert is_whole
    steps = await harness.steps(task_id)
    assert {StepStatus(step.status) for step in steps} <= ENDED_STEPS
    if status != TaskStatus.CANCELLED:
        check_census(status, census, {s.key: StepStatus(s.status) for s in steps}, agent)
    return str(status)


def check_census(
    status: str,
    census: Mapping[str, int],
    statuses: Mapping[str, StepStatus],
    agent: PayingAgent,
) -> None:
    assert census == Counter(statuses.values())
    lacking = [key for key, state in statuses.items() if state is not StepStatus.DONE]
    required = {step.key for step in agent.plan_steps if step.required}
    assert (status == TaskStatus.DONE) == (not required & set(lacking))


async def run_one(open_engine: OpenEngine, database: Database, seed: str) -> str:
    dice = DagDice(seed)
    dag = dice.dag()
    agent = PayingAgent(dag, dice)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM tasks"))
        await session.execute(text("DELETE FROM spend_limits"))
    async with open_engine(agents={AgentName.RESEARCH: agent}, settings=SETTINGS) as harness:
        task_id = await harness.add_task(dag.plan, cap_usd=str(dag.task_cap))
        await set_day_cap(database, dag.day_cap)
        await harness.start(task_id, dag.plan)
        await User(harness, dag, dice, task_id).follow()
        return await check_end(harness, task_id, agent)


async def run_many(open_engine: OpenEngine, database: Database, seed: int, count: int) -> None:
    ends: Counter[str] = Counter()
    for number in range(count):
        each = f"{seed}:{number}"
        try:
            ends[await run_one(open_engine, database, each)] += 1
        except BaseException as error:
            error.add_note(f"DagDice seed {each!r}")
            raise
    assert {TaskStatus.DONE, TaskStatus.FAILED} <= ends.keys(), ends


class TestRandomDags:
    async def test_a_dozen_never_pass_a_cap_and_all_end(
        self, open_engine: OpenEngine, database: Database, fault_seed: int
    ) -> None:
        await run_many(open_engine, database, fault_seed, A_DOZEN)

    @pytest.mark.faults
    @pytest.mark.timeout(900)
    async def test_two_hundred_never_pass_a_cap_and_all_end(
        self, open_engine: OpenEngine, database: Database, fault_seed: int, fault_share: float
    ) -> None:
        await run_many(open_engine, database, fault_seed, max(A_DOZEN, round(MANY * fault_share)))
