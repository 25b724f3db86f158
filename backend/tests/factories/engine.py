"""An engine with agents of the test's own, on a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from app.agents.estimates import quote_plan
from app.agents.ledger_port import ModelLedger
from app.agents.orchestrator import agent_tasks_of
from app.agents.ports import Composer
from app.agents.results import AgentResult
from app.agents.task_planner import content_hash
from app.agents.transitions import TaskStatus
from app.agents.types import AgentContext, AgentTask
from app.agents.workers import Agent
from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database, psycopg_url
from app.core.ids import new_id
from app.engine import (
    Bell,
    DurableExecution,
    EventFeed,
    LedgerDesk,
    Moves,
    StepRunner,
    TaskStore,
    Worker,
    Workshop,
)
from app.engine.worker import Replan
from app.models import AgentTaskRow, Plan, Task
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep, TaskType
from app.schemas.plan_edit import PlanStatus
from app.services.accounts.repository import AccountRepository
from app.sources import SourceLibrary


class NoSources:
    """A task without files."""

    async def load(self, file_ids: Sequence[str]) -> SourceLibrary:
        """Return an empty library."""
        return SourceLibrary([])


class NoMind:
    """For agents that never ask their composer."""

    async def __call__(
        self,
        model: str,
        ledger: ModelLedger,
        fallbacks: Sequence[str] = (),
    ) -> Composer:
        """Return a mind that only holds the ledger."""
        return LedgerMind(ledger, model)  # type: ignore[return-value]  # agents of tests use the ledger


@dataclass(frozen=True)
class LedgerMind:
    """Gives a test's agent its step's ledger, and says which model was asked for."""

    ledger: ModelLedger
    model: str


class SumAgent:
    """Sleeps for the seconds in its instructions; returns 1 + the sum of its parents' results."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Do the step."""
        self.runs.append(task.key)
        cost_s = float(task.step.instructions or 0)
        if cost_s:
            await asyncio.sleep(cost_s)
        parents = (int(result.summary) for result in context.results.values())
        return AgentResult(summary=str((1 + sum(parents)) & 0x7FFFFFFF))


def make_step(key: str, *depends_on: str, instructions: str = "", **more: object) -> PlanStep:
    """Return a research step."""
    return PlanStep.model_validate(
        {
            "key": key,
            "agent": AgentName.RESEARCH,
            "title": key,
            "depends_on": depends_on,
            "instructions": instructions,
            **more,
        }
    )


def make_plan(steps: Sequence[PlanStep], **more: object) -> ExecutionPlan:
    """Return a plan of these steps."""
    plan = ExecutionPlan.model_validate(
        {
            "goal": "add up",
            "title": "Sum",
            "language": "en",
            "task_type": TaskType.COMPLEX,
            "model": "builtin",
            "steps": tuple(steps),
            "quote": quote_plan(()),
            **more,
        }
    )
    return plan.model_copy(update={"content_hash": content_hash(plan)})


@dataclass(frozen=True, kw_only=True)
class EngineHarness:
    """The open parts of an engine."""

    database: Database
    feed: EventFeed
    blobs: BlobStore
    runner: StepRunner
    worker: Worker

    async def add_task(self, plan: ExecutionPlan, *, cap_usd: str = "1") -> str:
        """Insert a planned task with this plan; return its id."""
        async with self.database.transaction() as session:
            owner = await AccountRepository(session).local_owner()
            task = Task(
                id=new_id(),
                user_id=owner.id,
                goal=plan.goal,
                title=plan.title,
                task_type=plan.task_type,
                language=plan.language,
                model=plan.model,
                status=TaskStatus.PLANNED,
                file_ids=[],
                cap_usd=Decimal(cap_usd),
            )
            session.add(task)
            await session.flush()
            row = Plan(
                id=new_id(),
                task_id=task.id,
                revision=1,
                content_hash=plan.content_hash,
                body=plan.model_dump(mode="json"),
                status=PlanStatus.APPROVED,
            )
            session.add(row)
            task.plan_id = row.id
        return task.id

    def execution(self, task_id: str) -> DurableExecution:
        """Return the execution of a task."""
        return DurableExecution(
            database=self.database,
            feed=self.feed,
            blobs=self.blobs,
            task_id=task_id,
        )

    async def run(self, plan: ExecutionPlan, *, cap_usd: str = "1") -> tuple[AgentTask, ...]:
        """Run a plan to its end and return its steps."""
        task_id = await self.add_task(plan, cap_usd=cap_usd)
        return await self.execution(task_id).execute(plan, agent_tasks_of(plan))

    async def start(self, task_id: str, plan: ExecutionPlan) -> None:
        """Start a planned task."""
        async with self.database.transaction() as session:
            await Moves(session).start(task_id, plan)

    async def begin(self, plan: ExecutionPlan) -> str:
        """Insert a task with this plan, start it, and return its id."""
        task_id = await self.add_task(plan)
        await self.start(task_id, plan)
        return task_id

    async def stop(self, task_id: str, status: TaskStatus) -> None:
        """Pause or cancel a task."""
        async with self.database.transaction() as session:
            await Moves(session).stop(task_id, status)

    async def resume(self, task_id: str) -> None:
        """Resume a task."""
        async with self.database.transaction() as session:
            await Moves(session).resume(task_id)

    async def steps(self, task_id: str) -> list[AgentTaskRow]:
        """Return the steps of a task as they are now."""
        async with self.database.transaction() as session:
            return await TaskStore(session).steps(task_id)

    async def until(self, task_id: str, kind: str, *, after: int = 0) -> int:
        """Wait for an event of this kind; return its number."""
        async with aclosing(self.feed.follow(task_id, after=after)) as events:
            async for event in events:
                if event.kind == kind:
                    return event.seq
        message = "the feed ended"
        raise AssertionError(message)


OpenEngine = Callable[..., AbstractAsyncContextManager[EngineHarness]]


@asynccontextmanager
async def open_engine_harness(
    database: Database,
    url: str,
    blobs: BlobStore,
    *,
    agents: Mapping[AgentName, Agent],
    settings: EngineSettings | None = None,
    works: bool = True,
    may_be_alone: bool = False,
    replan: Replan | None = None,
) -> AsyncIterator[EngineHarness]:
    """Open an engine; with `works` a worker runs in this process."""
    settings = settings or EngineSettings()
    workshop = Workshop(agents=agents, composer_for=NoMind(), libraries=NoSources(), blobs=blobs)
    bell = Bell(psycopg_url(url))
    desk = LedgerDesk(psycopg_url(url))
    runner = StepRunner(database, desk, workshop, settings)
    worker = Worker(
        database=database,
        psycopg_url=psycopg_url(url),
        bell=bell,
        runner=runner,
        settings=settings,
        replan=replan,
    )
    feed = EventFeed(psycopg_url(url), bell)
    async with desk, asyncio.TaskGroup() as group:
        background = [group.create_task(bell.listen())]
        if works:
            background.append(group.create_task(worker.run(may_be_alone=may_be_alone)))
        try:
            yield EngineHarness(
                database=database,
                feed=feed,
                blobs=blobs,
                runner=runner,
                worker=worker,
            )
        finally:
            for task in background:
                task.cancel()
            await feed.close()
