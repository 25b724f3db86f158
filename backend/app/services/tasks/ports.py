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
from app.core.config import Policy
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

    async def orchestrator_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> MultiAgentOrchestrator:
        """Return the orchestrator of one task, whose planner quotes by `history`."""
        ...
