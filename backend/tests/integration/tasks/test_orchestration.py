"""Orders that meet a cancellation, and a plan that is started whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, fields
from typing import Self

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.dag import PlanInvalid
from app.agents.history import NO_HISTORY, History
from app.agents.minds import Minds
from app.agents.orchestrator import MultiAgentOrchestrator
from app.agents.routing import Router
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus, TransitionForbidden
from app.core.config import ModelSettings
from app.core.database import Database, psycopg_url
from app.engine import DurableExecution, LedgerDesk
from app.engine.door import EngineDoor
from app.runtime import Runtime
from app.schemas.plan import ExecutionPlan, PlanStep
from app.schemas.task import TaskOrder
from app.services.accounts import AccountRepository
from app.services.files import FileLibraries
from app.services.tasks import OrchestrationService, OrderDefaults
from tests.factories.composers import ProposingComposer
from tests.factories.engine import make_plan, make_step

GOAL = "Write a short note about: rain fell on 3 days in May and on 5 days in June."


@dataclass(frozen=True, kw_only=True)
class SlowDesk(EngineDoor):
    """A planning desk whose planner comes when the test opens it."""

    steps: tuple[PlanStep, ...]
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def at(cls, door: EngineDoor, steps: tuple[PlanStep, ...] = (make_step("one"),)) -> Self:
        """Return a desk at the same engine."""
        return cls(**{f.name: getattr(door, f.name) for f in fields(door)}, steps=steps)

    async def orchestrator_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> MultiAgentOrchestrator:
        """Wait, then return an orchestrator that proposes the steps of the test."""
        self.asked.set()
        await self.opened.wait()
        planner = TaskPlanner(ProposingComposer(self.steps), price=None)
        return MultiAgentOrchestrator(planner, self._execution(task_id))

    def _execution(self, task_id: str) -> DurableExecution:
        return DurableExecution(
            database=self.database,
            feed=self.feed,
            blobs=self.blobs,
            task_id=task_id,
        )


class BrokenEngine(EngineDoor):
    """Starts nothing."""

    async def start(self, session: AsyncSession, task_id: str, plan: ExecutionPlan) -> None:
        """Fail as a crash would."""
        raise RuntimeError("crash")


@pytest.fixture
async def door(runtime: Runtime) -> AsyncIterator[EngineDoor]:
    async with LedgerDesk(psycopg_url(runtime.database_url)) as desk:
        yield EngineDoor(
            database=runtime.database,
            desk=desk,
            feed=runtime.feed,
            blobs=runtime.blobs,
            minds=Minds(ModelSettings(), None),
        )


def service(runtime: Runtime, door: EngineDoor, desk: SlowDesk) -> OrchestrationService:
    return OrchestrationService(
        runtime.database,
        files=runtime.files,
        libraries=FileLibraries(runtime.database, runtime.blobs, runtime.embedder),
        tasks=runtime.tasks,
        engine=door,
        desk=desk,
        defaults=OrderDefaults(model="builtin", cap_usd=1),
    )


async def owner_id(database: Database) -> str:
    async with database.transaction() as session:
        return (await AccountRepository(session).local_owner()).id


class TestPlan:
    @pytest.mark.parametrize(
        ("steps", "error"),
        [
            ((make_step("one"),), TransitionForbidden),
            ((make_step("one"), make_step("one")), PlanInvalid),
        ],
        ids=["planned", "unplannable"],
    )
    async def test_of_a_task_that_is_cancelled_meanwhile_stays_cancelled(
        self,
        runtime: Runtime,
        door: EngineDoor,
        steps: tuple[PlanStep, ...],
        error: type[Exception],
    ) -> None:
        user_id = await owner_id(runtime.database)
        desk = SlowDesk.at(door, steps)
        order = TaskOrder(goal=GOAL)
        planning = asyncio.ensure_future(service(runtime, door, desk).run(user_id, order))
        await desk.asked.wait()
        (task,) = await runtime.tasks.page(user_id, limit=2)
        await runtime.tasks.cancel(user_id, task.id)
        desk.opened.set()
        with pytest.raises(error):
            await planning
        after = await runtime.tasks.get(user_id, task.id)
        assert after.status == TaskStatus.CANCELLED
        assert after.steps == ()


class TestExecutePlan:
    async def test_that_fails_to_start_leaves_no_task(
        self, runtime: Runtime, door: EngineDoor
    ) -> None:
        user_id = await owner_id(runtime.database)
        broken = BrokenEngine(
            database=door.database,
            desk=door.desk,
            feed=door.feed,
            blobs=door.blobs,
            minds=door.minds,
        )
        plan = make_plan([make_step("one")])
        with pytest.raises(RuntimeError, match="crash"):
            await service(runtime, broken, SlowDesk.at(door)).execute_plan(user_id, plan)
        async with runtime.database.transaction() as session:
            assert (await session.execute(text("SELECT count(*) FROM tasks"))).scalar_one() == 0
