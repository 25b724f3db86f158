"""Planning begun tasks anew over a test's engine."""

import asyncio
from dataclasses import dataclass, field, fields

from sqlalchemy import select, text

from app.agents.minds import Minds
from app.agents.ports import Goal, PlanDraft, Standing
from app.agents.task_planner import TaskPlanner, content_hash
from app.core.config import ModelSettings
from app.core.database import Database
from app.engine import DatabaseLedger, LedgerDesk, StepHold
from app.engine.door import EngineDoor
from app.engine.replans import ledger_key
from app.models import Task
from app.schemas.plan import ExecutionPlan, PlanStep
from app.services.accounts.repository import AccountRepository
from app.services.files import FileLibraries
from app.services.tasks import PlanService, ReplanService, TaskService
from app.sources import sentence_embedder
from tests.factories.composers import ProposingComposer
from tests.factories.engine import EngineHarness


class GatedComposer(ProposingComposer):
    """Plans anew only when the test lets it."""

    def __init__(self) -> None:
        super().__init__(())
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()

    async def replan(self, goal: Goal, standing: Standing) -> PlanDraft:
        """Wait, then let what failed be tried again."""
        self.entered.set()
        await self.opened.wait()
        steps = tuple(report.step for report in standing.unfinished)
        return PlanDraft(title="Anew", language=goal.language, steps=steps)


@dataclass(frozen=True, kw_only=True)
class GatedDoor(EngineDoor):
    """Plans with a gated composer."""

    composer: GatedComposer = field(default_factory=GatedComposer)

    async def replanner_for(self, *args: object, **kwargs: object) -> TaskPlanner:
        """Return the gated planner."""
        return TaskPlanner(self.composer, price=None)


@dataclass(frozen=True, kw_only=True)
class Services:
    """The services of tasks over one engine, for its owner."""

    harness: EngineHarness
    door: EngineDoor
    tasks: TaskService
    plans: PlanService
    replans: ReplanService
    user_id: str

    async def executed_hash(self, task_id: str) -> str:
        """Return the hash of the plan that the rows of a task make up."""
        plan = (await self.plans.get(self.user_id, task_id)).plan
        rows = [row for row in await self.harness.steps(task_id) if row.status != "replaced"]
        steps = tuple(PlanStep.model_validate(row.spec) for row in rows)
        return content_hash(plan.model_copy(update={"steps": steps}))

    async def approve_usd(self, amount: str) -> None:
        """Let every task have been approved up to an amount."""
        async with self.harness.database.transaction() as session:
            await session.execute(text("UPDATE tasks SET approved_usd = :usd"), {"usd": amount})

    async def plan_of(self, task_id: str) -> ExecutionPlan:
        """Return the task's current plan."""
        return (await self.plans.get(self.user_id, task_id)).plan


async def make_services(
    harness: EngineHarness,
    desk: LedgerDesk,
    *,
    composer: GatedComposer | None = None,
    max_replans: int = 2,
) -> Services:
    """Return the services over a harness; with a `composer` it plans anew."""
    door = EngineDoor(
        database=harness.database,
        desk=desk,
        feed=harness.feed,
        blobs=harness.blobs,
        minds=Minds(ModelSettings(), None),
    )
    if composer is not None:
        door = GatedDoor(**{f.name: getattr(door, f.name) for f in fields(door)}, composer=composer)
    libraries = FileLibraries(harness.database, harness.blobs, sentence_embedder())
    async with harness.database.transaction() as session:
        owner = await AccountRepository(session).local_owner()
    return Services(
        harness=harness,
        door=door,
        tasks=TaskService(harness.database, engine=door, blobs=harness.blobs),
        plans=PlanService(harness.database, libraries=libraries, engine=door, desk=door),
        replans=ReplanService(
            harness.database,
            libraries=libraries,
            engine=door,
            desk=door,
            max_replans=max_replans,
        ),
        user_id=owner.id,
    )


def opened() -> GatedComposer:
    """Return a composer that need not wait."""
    composer = GatedComposer()
    composer.opened.set()
    return composer


def composer_of(services: Services) -> GatedComposer:
    """Return the composer that plans anew."""
    assert isinstance(services.door, GatedDoor)
    return services.door.composer


def replan_ledger(desk: LedgerDesk, task_id: str, replan_id: str) -> DatabaseLedger:
    """Return the ledger of who plans a task anew."""
    return DatabaseLedger(desk, StepHold(task_id=task_id, step_key=ledger_key(replan_id)))


async def replan_id_of(database: Database) -> str | None:
    """Return who plans the only task anew."""
    async with database.transaction() as session:
        found: str | None = (await session.execute(select(Task.replan_id))).scalar_one()
        return found
