"""Plan a begun task anew: keep what is done, go around what failed, ask again when it costs more.

Planning may wait on a model, so it stands between two transactions: the first one reserves the task
for one planner, the second one writes the plan if the task is still as it was. In between the task
stays as it is and the planner gives signs of life; after a crash nothing is lost.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.constraints import Constraints
from app.agents.errors import ReplanUnderWay
from app.agents.orchestrator import CapTooSmall, require_within
from app.agents.ports import Goal, Standing
from app.agents.task_planner import check_goal
from app.agents.transitions import REPLANNABLE_TASKS, TaskStatus
from app.core.clock import local_today
from app.core.database import Database
from app.core.errors import AppError, Unavailable
from app.core.logging import get_logger
from app.models import Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.plan_edit import DecisionKind
from app.schemas.replan import ReplanRead, ReplanRequest
from app.schemas.source import Language
from app.services.accounts import AccountRepository
from app.services.files import FileLibraries
from app.services.quotes import QuoteService
from app.services.tasks.approval import adopt, expected_usd, revision_facts, start_approved
from app.services.tasks.caps import set_cap
from app.services.tasks.errors import NotReplannable, PlanNotFound, TooManyReplans
from app.services.tasks.limits import limits_of_task
from app.services.tasks.plan_views import read_plan
from app.services.tasks.ports import PlanningDesk, TaskEngine
from app.services.tasks.repository import TaskRepository
from app.services.tasks.standing import difference_of, standing_hash, standing_of
from app.sources import detect_language

BEAT_S = 5.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undertaking:
    """What is planned anew, by whom, within which limits."""

    id: str
    standing: Standing
    goal: str
    language: Language
    model: str
    limits: Constraints


class ReplanService:
    """Plans begun tasks anew."""

    def __init__(
        self,
        database: Database,
        *,
        libraries: FileLibraries,
        engine: TaskEngine,
        desk: PlanningDesk,
        max_replans: int,
    ) -> None:
        self._database = database
        self._libraries = libraries
        self._engine = engine
        self._desk = desk
        self._max_replans = max_replans
        self._quotes = QuoteService(database)

    async def replan(self, user_id: str, task_id: str, request: ReplanRequest) -> ReplanRead:
        """Make a new revision that keeps every finished step, and go on by it where that is agreed.

        It is agreed when the whole task is expected to cost no more than was approved, or less than
        the user's limit for automatic approval, unless the request asks for an approval.

        Raises:
            NotReplannable: The task runs, was never started, or waits for a decision.
            TooManyReplans: It was planned anew as often as the settings allow.
            NothingToReplan: All that its goal asks for is done.
            ReplanUnderWay, ReplanOvertaken: Another one plans it, or has changed it meanwhile.
            CapTooSmall, ConstraintsViolated: The new plan breaks a limit of the order.
            DeadlinePassed: The task's time is up, and no new deadline is given.
        """
        if request.goal is not None:
            check_goal(request.goal)
        work = await self._begin(user_id, task_id, request)
        try:
            async with self._alive(task_id, work.id):
                plan = await self._made(user_id, task_id, work)
            return await self._save(user_id, task_id, request, work, plan)
        except BaseException:
            # Without the database it is given up later, by whoever looks.
            with suppress(Unavailable):
                async with self._database.transaction() as session:
                    await self._engine.drop_replan(session, task_id, work.id)
            raise

    async def replan_by_itself(self, task_id: str) -> None:
        """Plan a task anew whose row asks for it; a refusal is its last word, until its user's."""
        async with self._database.transaction() as session:
            user_id = await TaskRepository(session).owner_of(task_id)
        try:
            await self.replan(user_id, task_id, ReplanRequest())
        except (Unavailable, ReplanUnderWay):
            # The row still asks for it.
            raise
        except AppError as error:
            log.info("not_replanned", task_id=task_id, reason=error.code)
            async with self._database.transaction() as session:
                task = await TaskRepository(session).get(user_id, task_id, locked=True)
                task.is_replan_due = False

    async def _begin(self, user_id: str, task_id: str, request: ReplanRequest) -> _Undertaking:
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            task = await tasks.get(user_id, task_id, locked=True)
            self._require_replannable(task, request)
            row = await tasks.find_approved_plan(task_id)
            steps = await tasks.steps(task_id)
            if row is None or not steps:
                raise PlanNotFound("The task never started, so there is nothing to plan anew.")
            plan = ExecutionPlan.model_validate(row.body)
            goal = plan.goal if request.goal is None else request.goal.strip()
            standing = standing_of(plan, steps, None if goal == plan.goal else goal)
            named = standing_hash(standing, goal)
            id = await self._engine.take_replan(session, task, named, request.deadline_s)
            return _Undertaking(
                id=id,
                standing=standing,
                goal=goal,
                language=detect_language(goal) if standing.has_new_goal else plan.language,
                model=plan.model,
                limits=limits_of_task(task, request.cap_usd),
            )

    def _require_replannable(self, task: Task, request: ReplanRequest) -> None:
        if task.status not in REPLANNABLE_TASKS:
            raise NotReplannable(_WAYS_OUT[TaskStatus(task.status)], status=task.status)
        if task.status == TaskStatus.DONE and request.goal is None:
            raise NotReplannable(
                "The task is done; give another goal to have its plan changed.", status=task.status
            )
        if task.replans >= self._max_replans:
            raise TooManyReplans(
                f"The task was planned anew {task.replans} times, which is the most that is "
                "allowed (MADANG_ENGINE__MAX_REPLANS); resume it as it is, or order a new task.",
                replans=task.replans,
            )

    @asynccontextmanager
    async def _alive(self, task_id: str, id: str) -> AsyncIterator[None]:
        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT_S)
                with suppress(Unavailable):
                    async with self._database.transaction() as session:
                        await self._engine.beat_replan(session, task_id, id)

        beating = asyncio.ensure_future(beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError, AppError):
                await beating

    async def _made(self, user_id: str, task_id: str, work: _Undertaking) -> ExecutionPlan:
        history = await self._quotes.history(user_id, work.model)
        policy, router = work.standing.plan.policy, None
        if policy is not None:
            router = await self._desk.router_for(policy, work.limits.allowed_models)
        planner = await self._desk.replanner_for(work.model, task_id, work.id, history, router)
        goal = Goal(
            text=work.goal,
            language=work.language,
            is_language_fixed=not work.standing.has_new_goal,
            today=local_today(),
            sources=await self._libraries.load(work.standing.plan.file_ids),
        )
        plan = await planner.replan(goal, work.standing)
        left, cost = work.limits.max_cost_usd, plan.quote.cost_usd.p90
        if left is not None and cost > left:
            raise CapTooSmall(
                f"${left:.4f} of the cap is left but the new plan may need ${cost:.4f}; plan the "
                "task anew with a higher cap (cap_usd, --cap-usd)."
            )
        require_within(planner, plan, work.limits)
        return plan

    async def _save(
        self,
        user_id: str,
        task_id: str,
        request: ReplanRequest,
        work: _Undertaking,
        plan: ExecutionPlan,
    ) -> ReplanRead:
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            task = await tasks.get(user_id, task_id, locked=True)
            approved = await self._approved_usd(session, task)
            if request.cap_usd is not None:
                set_cap(task, request.cap_usd)
            row = await tasks.add_plan(task, plan)
            difference = difference_of(work.standing, plan)
            facts: dict[str, str | int] = {
                **revision_facts(row),
                "kept": len(difference.kept),
                "added": len(difference.added),
                "replaced": len(difference.replaced),
            }
            decision = await self._decision(session, task, plan, approved, request)
            # While a plan waits for its user no time runs out: it counts from the approval.
            kept_s = task.deadline_s if decision is None else None
            deadline_s = kept_s if request.deadline_s is None else request.deadline_s
            await self._engine.propose(session, task_id, work.id, facts, deadline_s)
            adopt(task, plan)
            if decision is not None:
                await start_approved(session, self._engine, task, row, decision)
            await session.flush()
            return ReplanRead(
                plan=read_plan(task, row),
                difference=difference,
                spent_usd=float(task.spent_usd),
                expected_usd=float(expected_usd(task, plan)),
                approved_usd=float(approved),
                needs_approval=decision is None,
                replans_left=max(self._max_replans - task.replans, 0),
            )

    async def _approved_usd(self, session: AsyncSession, task: Task) -> Decimal:
        """Return what the user agreed to; of older tasks, what the approved plan was quoted at."""
        if task.approved_usd is not None:
            return task.approved_usd
        row: Plan | None = await TaskRepository(session).find_approved_plan(task.id)
        if row is None:
            return Decimal(0)
        return Decimal(str(ExecutionPlan.model_validate(row.body).quote.cost_usd.p90))

    async def _decision(
        self,
        session: AsyncSession,
        task: Task,
        plan: ExecutionPlan,
        approved: Decimal,
        request: ReplanRequest,
    ) -> DecisionKind | None:
        """Return why the plan may run without being asked for; None: it must wait."""
        if request.require_approval:
            return None
        expected = expected_usd(task, plan)
        if expected <= approved:
            return DecisionKind.REPLAN
        limit = await AccountRepository(session).auto_approve_below_usd(task.user_id)
        return DecisionKind.AUTO if expected < limit else None


_WAYS_OUT = {
    TaskStatus.RUNNING: "The task runs; pause it first, or wait for its end, then plan it anew.",
    TaskStatus.PLANNING: "The task is being planned; wait for its plan, then edit it.",
    TaskStatus.PLANNED: "The task's plan waits for approval; edit, approve or reject it.",
}
