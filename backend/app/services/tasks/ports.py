"""What the task services need from above: the engine's moves, and minds to plan with."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.history import NO_HISTORY, History
from app.agents.ledger_port import Price
from app.agents.orchestrator import MultiAgentOrchestrator
from app.agents.routing import Router
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus
from app.core.policy import Policy
from app.models import Task
from app.schemas.plan import ExecutionPlan


class TaskEngine(Protocol):
    """The engine's moves that users order, each in the caller's transaction."""

    async def start(self, session: AsyncSession, task_id: str, plan: ExecutionPlan) -> None:
        """Turn an approved plan into running steps."""
        ...

    async def stop(self, session: AsyncSession, task_id: str, status: TaskStatus) -> None:
        """Pause or cancel."""
        ...

    async def resume(self, session: AsyncSession, task_id: str) -> None:
        """Run again from what is done."""
        ...

    def renew_deadline(self, task: Task, deadline_s: float | None) -> None:
        """Give a locked task another deadline from its next start on; None keeps it."""
        ...

    async def take_replan(
        self, session: AsyncSession, task: Task, standing_hash: str, deadline_s: float | None
    ) -> str:
        """Reserve a locked task for planning it anew; return the id of the undertaking.

        `deadline_s`: it will get so many seconds; without it, it must have time left.
        """
        ...

    async def beat_replan(self, session: AsyncSession, task_id: str, replan_id: str) -> None:
        """Say that the undertaking is still under way."""
        ...

    async def drop_replan(self, session: AsyncSession, task_id: str, replan_id: str) -> None:
        """End the undertaking without a plan; do nothing if it is over already."""
        ...

    async def propose(
        self,
        session: AsyncSession,
        task_id: str,
        replan_id: str,
        payload: Mapping[str, str | int],
        deadline_s: float | None,
    ) -> None:
        """End the undertaking with a plan, which waits for approval."""
        ...

    async def take_back(self, session: AsyncSession, task_id: str, status: TaskStatus) -> None:
        """Let the task be again what it was before its new plan was proposed."""
        ...

    async def tell(
        self,
        session: AsyncSession,
        task_id: str,
        kind: str,
        payload: Mapping[str, str | int] | None = None,
    ) -> None:
        """Record an event of the task."""
        ...


class PlanningDesk(Protocol):
    """Gives a planner for a model, its paid calls entered in the task's ledger."""

    def price_for(self, model: str) -> Price | None:
        """Return the model's price, None for the built-in composer; raise when it is unknown."""
        ...

    async def router_for(self, policy: Policy | None, allowed: Sequence[str] | None) -> Router:
        """Return a router over the usable candidates; raise `PolicyUnusable` when there is none."""
        ...

    async def planner_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> TaskPlanner:
        """Return a planner whose calls are entered under the task, and that quotes by `history`.

        With a `router` it chooses the models of the steps by policy.
        """
        ...

    async def replanner_for(
        self,
        model: str,
        task_id: str,
        replan_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> TaskPlanner:
        """Return a planner for a begun task, its calls entered under the undertaking."""
        ...

    async def orchestrator_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> MultiAgentOrchestrator:
        """Return the orchestrator of one task, whose planner quotes by `history`."""
        ...
