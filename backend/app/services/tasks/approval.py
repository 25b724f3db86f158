"""The one door to the engine: only an approved plan starts, and exactly as it was approved."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.task_planner import content_hash
from app.agents.transitions import TaskStatus, TransitionForbidden
from app.core.clock import utc_now
from app.models import Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.plan_edit import DecisionKind, PlanStatus
from app.services.tasks.errors import PlanChanged, PlanDamaged, PlanNotFound
from app.services.tasks.ports import TaskEngine
from app.services.tasks.repository import TaskRepository


def require_current(row: Plan | None, shown_hash: str) -> Plan:
    """Return the task's current plan if it is the one that was shown.

    Raises:
        PlanNotFound: The task has no plan.
        PlanChanged: It is another one; the facts say which.
    """
    if row is None:
        raise PlanNotFound("The task has no plan (yet); wait for it or order the task anew.")
    if row.content_hash != shown_hash:
        raise PlanChanged(
            f"The plan is not the one you were shown: revision {row.revision} is current; "
            "look at it again.",
            content_hash=row.content_hash,
            revision=row.revision,
        )
    return row


def require_open(task: Task) -> None:
    """Raise `TransitionForbidden` unless the task's plan can still be changed or decided on."""
    if task.status != TaskStatus.PLANNED:
        raise TransitionForbidden(
            f"The task is {task.status}; only the plan of a planned one can be changed or "
            "decided on.",
            status=task.status,
        )


def revision_facts(row: Plan) -> dict[str, str | int]:
    """Return what an event tells of a revision."""
    return {"revision": row.revision, "content_hash": row.content_hash}


def decide(row: Plan, status: PlanStatus, decision: DecisionKind, user_id: str) -> None:
    """Note what was decided on a plan, by whom and when."""
    row.status, row.decision = status, decision
    row.decided_by, row.decided_at = user_id, utc_now()


async def start_approved(
    session: AsyncSession, engine: TaskEngine, task: Task, row: Plan, decision: DecisionKind
) -> None:
    """Approve the task's current plan and start it, in the caller's transaction.

    Raises:
        TransitionForbidden: The task is not waiting for approval.
        PlanDamaged: The stored steps are not those that the hash names.
    """
    require_open(task)
    plan = ExecutionPlan.model_validate(row.body)
    if content_hash(plan) != row.content_hash:
        raise PlanDamaged(
            "The stored plan is not the one that its hash names, so it is not run; order the "
            "task anew."
        )
    await TaskRepository(session).supersede_approved(task.id)
    decide(row, PlanStatus.APPROVED, decision, task.user_id)
    if decision is DecisionKind.ORDER:
        # An order is the approval of all that its cap allows.
        task.approved_usd = task.cap_usd
    elif decision is not DecisionKind.REPLAN:
        task.approved_usd = expected_usd(task, plan)
    await session.flush()
    facts = {**revision_facts(row), "decision": str(decision)}
    await engine.tell(session, task.id, "plan.approved", facts)
    await engine.start(session, task.id, plan)


def expected_usd(task: Task, plan: ExecutionPlan) -> Decimal:
    """Return what a task is expected to cost in all: spent, and nine times in ten the rest."""
    return task.spent_usd + task.reserved_usd + Decimal(str(plan.quote.cost_usd.p90))


async def withdraw_proposed(session: AsyncSession, task: Task) -> Plan | None:
    """Make the plan that was last approved the current one again; return it, None without one.

    The task is locked. A proposed plan counts as superseded from then on.
    """
    tasks = TaskRepository(session)
    approved = await tasks.find_approved_plan(task.id)
    if approved is None or approved.id == task.plan_id:
        return approved
    await tasks.supersede_proposed(task.id)
    plan = ExecutionPlan.model_validate(approved.body)
    task.plan_id = approved.id
    adopt(task, plan)
    await session.flush()
    return approved


def adopt(task: Task, plan: ExecutionPlan) -> None:
    """Let a task say what its plan says: goal, title, kind and language."""
    task.goal, task.title = plan.goal, plan.title
    task.task_type, task.language = plan.task_type, plan.language


def status_before(task: Task) -> TaskStatus:
    """Return what a begun task was before its new plan was proposed."""
    if task.result is not None:
        return TaskStatus(task.result["status"])
    return TaskStatus.PAUSED if task.finished_at is None else TaskStatus.CANCELLED
