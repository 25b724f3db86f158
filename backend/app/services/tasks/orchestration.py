"""From an order to a plan, and from an approved plan to a running task.

Planning may wait on a model, so it stands between two transactions: the task is written first,
with its cap, so that even the planning calls are entered in its ledger. A refusal that cost
nothing takes the task away again.
"""

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.constraints import Constraints
from app.agents.dag import PlanInvalid
from app.agents.orchestrator import ConstraintsViolated, MultiAgentOrchestrator, require_within
from app.agents.ports import Goal
from app.agents.routing import PolicyUnusable, Router, planning_choice
from app.agents.task_planner import check_goal, check_words, content_hash
from app.agents.transitions import TaskStatus, TransitionForbidden
from app.core.clock import local_today, utc_now
from app.core.database import Database
from app.core.errors import AppError, Invalid, Unavailable
from app.core.ids import new_id
from app.core.policy import Policy
from app.models import Plan, Task
from app.schemas.plan import ExecutionPlan, TaskType
from app.schemas.plan_edit import DecisionKind
from app.schemas.priority import TaskPriority
from app.schemas.task import TaskOrder, TaskRead
from app.services.files import FileLibraries, FileService, Upload
from app.services.quotes import QuoteService
from app.services.tasks.approval import start_approved
from app.services.tasks.errors import PlanChanged
from app.services.tasks.limits import limits_of_order
from app.services.tasks.plans import PlanService
from app.services.tasks.ports import PlanningDesk, TaskEngine
from app.services.tasks.repository import TaskRepository
from app.services.tasks.service import TaskService
from app.sources import FileRefused, SourceLibrary, detect_language, pasted_material

TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDefaults:
    """What holds where an order says nothing."""

    model: str
    cap_usd: float
    policy: Policy | None = None


class OrchestrationService:
    """Plans and starts tasks."""

    def __init__(
        self,
        database: Database,
        *,
        files: FileService,
        libraries: FileLibraries,
        tasks: TaskService,
        engine: TaskEngine,
        desk: PlanningDesk,
        defaults: OrderDefaults,
    ) -> None:
        self._database = database
        self._files = files
        self._libraries = libraries
        self._tasks = tasks
        self._plans = PlanService(database, libraries=libraries, engine=engine, desk=desk)
        self._engine = engine
        self._desk = desk
        self._defaults = defaults
        self._quotes = QuoteService(database)

    async def plan(self, user_id: str, order: TaskOrder) -> TaskRead:
        """Plan the order: a task in status `planned` with a priced plan; nothing runs yet.

        Raises:
            GoalInvalid, GoalUnclear, NothingToWorkFrom: The goal cannot be planned.
            FileMissing: A file is not there.
            CapTooSmall, ConstraintsViolated: The plan breaks a limit, and cannot be reshaped.
            PolicyUnusable: The policy has no model to choose from.
            TransitionForbidden: The task was cancelled meanwhile.
        """
        check_goal(order.goal)
        router = await self._router_for(order)
        model = self._model_of(order) if router is None else planning_choice(router).model
        self._desk.price_for(model)
        await self._files.find_many(user_id, order.file_ids)
        order = await self._with_pasted(user_id, order)
        library = await self._libraries.load(order.file_ids)
        task_id = await self._open_task(user_id, order, model)
        try:
            history = await self._quotes.history(user_id, model)
            orchestrator = await self._desk.orchestrator_for(model, task_id, history, router)
            plan = await self._make_plan(orchestrator, order, library)
            await self._save_plan(user_id, task_id, plan)
        except BaseException as error:
            # Without the database the reaper closes it, later.
            with suppress(Unavailable):
                await self._close_unplanned(user_id, task_id, error)
            raise
        return await self._tasks.get(user_id, task_id)

    async def execute(self, user_id: str, task_id: str, content_hash: str) -> TaskRead:
        """Approve and start the plan of a planned task; `content_hash` says which was shown.

        Raises:
            PlanChanged: The task's plan has another hash.
            TransitionForbidden: The task is not waiting for approval.
        """
        await self._plans.approve(user_id, task_id, content_hash)
        return await self._tasks.get(user_id, task_id)

    async def execute_plan(
        self,
        user_id: str,
        plan: ExecutionPlan,
        *,
        cap_usd: float | None = None,
        deadline_s: float | None = None,
        priority: TaskPriority = TaskPriority.NORMAL,
    ) -> TaskRead:
        """Start a task that runs exactly this plan, as `/plan` returned it or as edited since.

        Raises:
            PlanChanged: Its content hash is not that of its content.
            PlanInvalid: Its steps form no DAG, or its title or notices are too long.
        """
        check_goal(plan.goal)
        check_words(plan)
        if plan.finished:
            raise PlanInvalid(
                "The steps of a new task are all still to be run; leave finished empty.",
                field="finished",
                reason="finished_steps",
            )
        if plan.content_hash not in {"", content_hash(plan)}:
            raise PlanChanged(
                "The plan's content does not match its content_hash; send the plan as it was "
                "returned, or leave content_hash empty to run an edited one."
            )
        await self._files.find_many(user_id, plan.file_ids)
        library = await self._libraries.load(plan.file_ids)
        order = TaskOrder(
            goal=plan.goal,
            file_ids=plan.file_ids,
            language=plan.language,
            cap_usd=cap_usd,
            deadline_s=deadline_s,
            priority=priority,
        )
        size = sum(len(passage.text) for passage in library.passages)
        history = await self._quotes.history(user_id, plan.model)
        planner = await self._desk.planner_for(plan.model, "", history)
        priced = planner.price(plan, source_characters=size)
        require_within(planner, priced, self._limits(order))
        async with self._database.transaction() as session:
            task = await self._add_task(session, user_id, order, plan.model)
            row = await self._attach_plan(session, task, priced)
            await start_approved(session, self._engine, task, row, DecisionKind.ORDER)
        return await self._tasks.get(user_id, task.id)

    async def run(
        self, user_id: str, order: TaskOrder, *, require_approval: bool = False
    ) -> TaskRead:
        """Plan the order and start it at once: within its cap, the order is the approval.

        With `require_approval` its plan waits for one, unless it is below the user's limit for
        automatic approval.
        """
        planned = await self.plan(user_id, order)
        shown = planned.content_hash or ""
        if require_approval:
            await self._plans.approve_below_limit(user_id, planned.id, shown)
        else:
            await self._plans.approve(user_id, planned.id, shown, DecisionKind.ORDER)
        return await self._tasks.get(user_id, planned.id)

    async def _with_pasted(self, user_id: str, order: TaskOrder) -> TaskOrder:
        # Material pasted into the goal becomes a file, so that what is said of it can be cited.
        material = pasted_material(order.goal) if not order.file_ids else None
        if material is None:
            return order
        try:
            file = await self._files.add(user_id, Upload(material.name, material.text.encode()))
        except FileRefused:
            return order
        return order.model_copy(update={"file_ids": (file.id,)})

    async def _make_plan(
        self, orchestrator: MultiAgentOrchestrator, order: TaskOrder, library: SourceLibrary
    ) -> ExecutionPlan:
        goal = Goal(
            text=order.goal.strip(),
            language=order.language or detect_language(order.goal),
            is_language_fixed=order.language is not None,
            today=local_today(),
            sources=library,
        )
        planner, limits = orchestrator.planner, self._limits(order)
        plan, _ = await orchestrator.decompose_task(goal)
        plan = planner.reshape(plan, limits, source_characters=goal.source_characters)
        require_within(planner, plan, limits)
        if plan.model != planner.model:
            # The cheaper model must be usable before anybody is shown a plan with it.
            await self._desk.planner_for(plan.model, "")
        return plan

    async def _router_for(self, order: TaskOrder) -> Router | None:
        """Return the router of an order that names no model; None where one model does all."""
        policy = order.policy or self._defaults.policy
        if order.model is not None or policy is None:
            return None
        allowed = self._limits(order).allowed_models
        try:
            return await self._desk.router_for(policy, allowed)
        except PolicyUnusable:
            # Nobody asked for the policy, and the limits name models that it does not know.
            if order.policy is None and allowed is not None:
                return None
            raise

    def _model_of(self, order: TaskOrder) -> str:
        allowed = self._limits(order).allowed_models
        model = order.model or self._defaults.model
        if allowed is None or model in allowed:
            return model
        if order.model is None:
            return allowed[0]
        raise ConstraintsViolated(
            f"The order names the model {model}, which its constraints do not allow; leave one "
            "of them out.",
            limits=["allowed_models"],
        )

    def _limits(self, order: TaskOrder) -> Constraints:
        return limits_of_order(order, self._defaults.cap_usd)

    async def _open_task(self, user_id: str, order: TaskOrder, model: str) -> str:
        async with self._database.transaction() as session:
            return (await self._add_task(session, user_id, order, model)).id

    async def _add_task(
        self, session: AsyncSession, user_id: str, order: TaskOrder, model: str
    ) -> Task:
        limits = self._limits(order)
        task = Task(
            id=new_id(),
            user_id=user_id,
            goal=order.goal.strip(),
            title=order.goal.strip()[:TITLE_LENGTH],
            task_type=TaskType.COMPLEX,
            language=order.language or detect_language(order.goal),
            model=model,
            status=TaskStatus.PLANNING,
            priority=order.priority.rank,
            file_ids=list(order.file_ids),
            cap_usd=Decimal(str(limits.max_cost_usd)),
            deadline_s=order.deadline_s,
            constraints=limits.model_dump(mode="json", exclude={"max_cost_usd"}, exclude_none=True),
        )
        await TaskRepository(session).add(task)
        await self._engine.tell(session, task.id, "task.created")
        return task

    async def _save_plan(self, user_id: str, task_id: str, plan: ExecutionPlan) -> None:
        async with self._database.transaction() as session:
            task = await TaskRepository(session).get(user_id, task_id, locked=True)
            await self._attach_plan(session, task, plan)

    async def _attach_plan(self, session: AsyncSession, task: Task, plan: ExecutionPlan) -> Plan:
        # A begun task may become planned as well, but not by its first plan.
        if task.status != TaskStatus.PLANNING:
            raise TransitionForbidden(
                f"The task is {task.status}, so its plan was not taken; order it anew."
            )
        task.status = TaskStatus.PLANNED
        task.title, task.task_type, task.language = plan.title, plan.task_type, plan.language
        task.model = plan.model
        row = await TaskRepository(session).add_plan(task, plan)
        await self._engine.tell(session, task.id, "task.planned")
        return row

    async def _close_unplanned(self, user_id: str, task_id: str, error: BaseException) -> None:
        """Forget a task that was refused at no cost; end one that cost something, with the reason.

        What broke or was interrupted also stays: it was no refusal, and its trace may be needed.
        """
        message = error.message if isinstance(error, AppError) else "Planning was interrupted."
        code = error.code if isinstance(error, AppError) else Invalid.code
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            task = await tasks.get(user_id, task_id, locked=True)
            if task.status != TaskStatus.PLANNING:
                return
            if isinstance(error, AppError) and not task.spent_usd + task.reserved_usd:
                await tasks.remove(task)
                return
            task.status = TaskStatus.FAILED
            task.finished_at = utc_now()
            task.error = {"code": code, "message": message}
            await self._engine.tell(session, task_id, "task.ended")
