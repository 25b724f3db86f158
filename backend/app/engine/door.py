"""The engine as the services see it: moves in their transaction, and minds to plan with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.history import NO_HISTORY, History
from app.agents.ledger_port import Price
from app.agents.minds import Minds
from app.agents.orchestrator import MultiAgentOrchestrator
from app.agents.routing import Router, planning_choice
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus
from app.core.blobs import BlobStore
from app.core.database import Database
from app.core.policy import Policy
from app.engine.deadlines import renew_deadline, require_time
from app.engine.desk import LedgerDesk
from app.engine.events import record
from app.engine.execution import DurableExecution
from app.engine.feed import EventFeed
from app.engine.ledger import DatabaseLedger, StepHold
from app.engine.moves import Moves
from app.engine.replans import beat, drop_replan, ledger_key, take_replan
from app.engine.store import TaskStore
from app.models import Task
from app.schemas.plan import ExecutionPlan

PLANNING_STEP = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDoor:
    """The engine as the services see it: `TaskEngine` and `PlanningDesk`."""

    database: Database
    desk: LedgerDesk
    feed: EventFeed
    blobs: BlobStore
    minds: Minds

    async def start(self, session: AsyncSession, task_id: str, plan: ExecutionPlan) -> None:
        """Turn an approved plan into running steps."""
        await Moves(session).start(task_id, plan)

    async def stop(self, session: AsyncSession, task_id: str, status: TaskStatus) -> None:
        """Pause or cancel."""
        await Moves(session).stop(task_id, status)

    async def resume(self, session: AsyncSession, task_id: str) -> None:
        """Run again from what is done."""
        await Moves(session).resume(task_id)

    def renew_deadline(self, task: Task, deadline_s: float | None) -> None:
        """Give a locked task another deadline from its next start on; None keeps it."""
        renew_deadline(task, deadline_s)

    async def take_replan(
        self, session: AsyncSession, task: Task, standing_hash: str, deadline_s: float | None
    ) -> str:
        """Reserve a locked task for planning it anew; return the id of the undertaking."""
        if deadline_s is None:
            require_time(task)
        return await take_replan(session, task, standing_hash)

    async def beat_replan(self, session: AsyncSession, task_id: str, replan_id: str) -> None:
        """Say that the undertaking is still under way."""
        beat(await TaskStore(session).lock_task(task_id), replan_id)

    async def drop_replan(self, session: AsyncSession, task_id: str, replan_id: str) -> None:
        """End the undertaking without a plan; do nothing if it is over already."""
        task = await TaskStore(session).lock_task(task_id)
        if task.replan_id == replan_id:
            await drop_replan(session, task)

    async def propose(
        self,
        session: AsyncSession,
        task_id: str,
        replan_id: str,
        payload: Mapping[str, str | int],
        deadline_s: float | None,
    ) -> None:
        """End the undertaking with a plan, which waits for approval."""
        await Moves(session).propose(task_id, replan_id, payload, deadline_s)

    async def take_back(self, session: AsyncSession, task_id: str, status: TaskStatus) -> None:
        """Let the task be again what it was before its new plan was proposed."""
        await Moves(session).take_back(task_id, status)

    async def tell(
        self,
        session: AsyncSession,
        task_id: str,
        kind: str,
        payload: Mapping[str, str | int] | None = None,
    ) -> None:
        """Record an event of the task."""
        await record(session, task_id, kind, payload=payload)

    def price_for(self, model: str) -> Price | None:
        """Return a model's price; None for the built-in composer."""
        return self.minds.price_for(model)

    async def router_for(self, policy: Policy | None, allowed: Sequence[str] | None) -> Router:
        """Return a router over the candidates that can be used and are allowed."""
        return await self.minds.router(policy, allowed)

    async def planner_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> TaskPlanner:
        """Return a planner whose paid calls are entered under the task."""
        return await self._planner(model, task_id, PLANNING_STEP, history, router)

    async def replanner_for(
        self,
        model: str,
        task_id: str,
        replan_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> TaskPlanner:
        """Return a planner for a begun task, its calls entered under the undertaking."""
        return await self._planner(model, task_id, ledger_key(replan_id), history, router)

    async def _planner(
        self, model: str, task_id: str, key: str, history: History, router: Router | None
    ) -> TaskPlanner:
        ledger = DatabaseLedger(self.desk, StepHold(task_id=task_id, step_key=key))
        others = () if router is None else planning_choice(router).fallbacks
        composer = await self.minds.composer_for(model, ledger, others)
        price_of = self.minds.price_for
        return TaskPlanner(
            composer, price=price_of(model), price_of=price_of, history=history, router=router
        )

    async def orchestrator_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> MultiAgentOrchestrator:
        """Return the orchestrator of one task."""
        execution = DurableExecution(
            database=self.database,
            feed=self.feed,
            blobs=self.blobs,
            task_id=task_id,
        )
        planner = await self.planner_for(model, task_id, history, router)
        return MultiAgentOrchestrator(planner, execution)
