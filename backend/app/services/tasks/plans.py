"""A task's plan as a contract: revisions, edits, quotes, and the decision on it.

An edit is checked and priced between two transactions, since pricing may open a provider; the
second one writes the revision only if the plan is still the one that was edited.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.constraints import Constraints, find_violations
from app.agents.dag import PlanInvalid
from app.agents.orchestrator import require_within
from app.agents.plan_edit import edited
from app.agents.routing import Router, routed
from app.agents.transitions import TaskStatus
from app.core.database import Database
from app.core.errors import Invalid
from app.core.policy import Policy
from app.models import Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.plan_edit import (
    DecisionKind,
    PlanEdits,
    PlanRead,
    PlanRequote,
    PlanStatus,
    PlanSummary,
)
from app.services.accounts import AccountRepository
from app.services.files import FileLibraries
from app.services.quotes import QuoteService
from app.services.tasks.approval import (
    decide,
    expected_usd,
    require_current,
    require_open,
    revision_facts,
    start_approved,
    status_before,
    withdraw_proposed,
)
from app.services.tasks.caps import set_cap
from app.services.tasks.errors import PlanNotFound
from app.services.tasks.limits import limits_of_task
from app.services.tasks.plan_views import read_plan, summarise_plan
from app.services.tasks.ports import PlanningDesk, TaskEngine
from app.services.tasks.repository import TaskRepository

Change = Callable[[ExecutionPlan], ExecutionPlan]


class PlanService:
    """The plans of a user's tasks."""

    def __init__(
        self,
        database: Database,
        *,
        libraries: FileLibraries,
        engine: TaskEngine,
        desk: PlanningDesk,
    ) -> None:
        self._database = database
        self._libraries = libraries
        self._engine = engine
        self._desk = desk
        self._quotes = QuoteService(database)

    async def get(self, user_id: str, task_id: str, revision: int | None = None) -> PlanRead:
        """Return the current plan of a task, or one of its revisions.

        Raises:
            TaskMissing, PlanNotFound: There is none.
        """
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            task = await tasks.get(user_id, task_id)
            if revision is not None:
                return read_plan(task, await tasks.plan_revision(task_id, revision))
            row = await tasks.find_plan(task)
        if row is None:
            raise PlanNotFound("The task has no plan (yet); wait for it or order the task anew.")
        return read_plan(task, row)

    async def page(
        self,
        user_id: str,
        task_id: str,
        *,
        limit: int,
        before: tuple[datetime, str] | None = None,
    ) -> list[PlanSummary]:
        """Return the revisions of a task's plan, newest first."""
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            await tasks.get(user_id, task_id)
            rows = await tasks.plan_revisions(task_id, limit=limit, before=before)
        return [summarise_plan(row) for row in rows]

    async def edit(self, user_id: str, task_id: str, change: PlanEdits) -> PlanRead:
        """Make a new revision of a plan that waits for approval: edited, checked, quoted anew.

        Raises:
            PlanInvalid: An edit cannot be done; the facts name the step, its field, the reason.
            PolicyUnusable: The policy has no model to choose from.
            CapTooSmall, ConstraintsViolated: The edited plan breaks a limit of its order.
            PlanChanged: The plan is no longer the one that was edited.
            TransitionForbidden: The task does not wait for approval.
        """
        return await self._revise(
            user_id,
            task_id,
            change.content_hash,
            change.cap_usd,
            lambda plan: edited(plan, change.edits) if change.edits else plan,
            policy=change.policy,
            reroutes=True,
        )

    async def requote(self, user_id: str, task_id: str, request: PlanRequote) -> PlanRead:
        """Make a new revision with the same steps and a quote at today's prices.

        Raises:
            CapTooSmall, ConstraintsViolated: It would now break a limit of its order.
            PlanChanged: The plan is no longer the one that was shown.
            TransitionForbidden: The task does not wait for approval.
        """
        return await self._revise(
            user_id, task_id, request.content_hash, request.cap_usd, lambda plan: plan
        )

    async def reject(self, user_id: str, task_id: str, content_hash: str) -> PlanRead:
        """Reject a plan and cancel its task; nothing of it ever runs.

        A begun task whose new plan is rejected keeps its old one, and is again what it was.

        Raises:
            PlanChanged: The plan is no longer the one that was shown.
            TransitionForbidden: The task does not wait for approval.
        """
        async with self._database.transaction() as session:
            task, row = await self._waiting(session, user_id, task_id, content_hash, locked=True)
            decide(row, PlanStatus.REJECTED, DecisionKind.USER, user_id)
            await session.flush()
            await self._engine.tell(session, task_id, "plan.rejected", revision_facts(row))
            if await withdraw_proposed(session, task) is None:
                await self._engine.stop(session, task_id, TaskStatus.CANCELLED)
            else:
                await self._engine.take_back(session, task_id, status_before(task))
        return await self.get(user_id, task_id)

    async def approve(
        self,
        user_id: str,
        task_id: str,
        content_hash: str,
        decision: DecisionKind = DecisionKind.USER,
    ) -> None:
        """Approve the plan that this hash names, and start it.

        Raises:
            PlanChanged: The task's plan has another hash; the facts give it.
            TransitionForbidden: The task does not wait for approval.
        """
        async with self._database.transaction() as session:
            task, row = await self._waiting(session, user_id, task_id, content_hash, locked=True)
            await start_approved(session, self._engine, task, row, decision)

    async def approve_below_limit(self, user_id: str, task_id: str, content_hash: str) -> bool:
        """Approve and start a plan by itself if it is cheap enough for its user; return whether.

        It is when its 90th percentile of cost is below the user's `auto_approve_below_usd` and it
        breaks no limit of its order.
        """
        async with self._database.transaction() as session:
            task, row = await self._waiting(session, user_id, task_id, content_hash, locked=True)
            limit_usd = await AccountRepository(session).auto_approve_below_usd(user_id)
            plan = ExecutionPlan.model_validate(row.body)
            # Of a begun task what is spent counts as well: it is part of what the user agreed to.
            cost = Decimal(str(plan.quote.cost_usd.p90))
            if (expected_usd(task, plan) if task.replans else cost) >= limit_usd:
                return False
            if find_violations(plan, limits_of_task(task)):
                return False
            await start_approved(session, self._engine, task, row, DecisionKind.AUTO)
        return True

    async def _revise(
        self,
        user_id: str,
        task_id: str,
        shown_hash: str,
        cap_usd: float | None,
        change: Change,
        *,
        policy: Policy | None = None,
        reroutes: bool = False,
    ) -> PlanRead:
        async with self._database.transaction() as session:
            task, row = await self._waiting(session, user_id, task_id, shown_hash)
        plan = ExecutionPlan.model_validate(row.body)
        limits = limits_of_task(task, cap_usd)
        changed = change(plan)
        policy = policy or (changed.policy if reroutes else None)
        router = None
        if policy is not None:
            router = await self._desk.router_for(policy, limits.allowed_models)
        priced = await self._priced(user_id, changed, limits, router)
        async with self._database.transaction() as session:
            task, row = await self._waiting(session, user_id, task_id, shown_hash, locked=True)
            if cap_usd is not None:
                set_cap(task, cap_usd)
            task.task_type = priced.task_type
            new = await TaskRepository(session).add_plan(task, priced)
            await self._engine.tell(session, task_id, "plan.revised", revision_facts(new))
            return read_plan(task, new)

    async def _priced(
        self, user_id: str, plan: ExecutionPlan, limits: Constraints, router: Router | None
    ) -> ExecutionPlan:
        library = await self._libraries.load(plan.file_ids)
        size = sum(len(passage.text) for passage in library.passages)
        if router is not None:
            plan = routed(plan, router, size)
        for step in plan.steps:
            if step.model is not None:
                self._require_model(step.key, step.model)
        history = await self._quotes.history(user_id, plan.model)
        planner = await self._desk.planner_for(plan.model, "", history)
        priced = planner.price(plan, source_characters=size)
        require_within(planner, priced, limits)
        return priced

    def _require_model(self, key: str, model: str) -> None:
        try:
            self._desk.price_for(model)
        except Invalid as error:
            raise PlanInvalid(
                f"Step {key!r}: its model cannot be used. {error.message}",
                step=key,
                field="model",
                reason="unknown_model",
            ) from error

    async def _waiting(
        self,
        session: AsyncSession,
        user_id: str,
        task_id: str,
        shown_hash: str,
        *,
        locked: bool = False,
    ) -> tuple[Task, Plan]:
        tasks = TaskRepository(session)
        task = await tasks.get(user_id, task_id, locked=locked)
        require_open(task)
        return task, require_current(await tasks.find_plan(task), shown_hash)
