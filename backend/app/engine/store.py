"""Every query of the engine's own rows: tasks in execution, their steps and edges."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Result, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.dag import parents
from app.agents.transitions import ENDED_STEPS, TaskStatus
from app.agents.types import AgentTask, StepStatus
from app.core.ids import new_id
from app.engine import statements
from app.engine.errors import Stale
from app.models import AgentTaskEdge, AgentTaskRow, ModelCall, Plan, Task
from app.schemas.plan import ExecutionPlan, PlanStep

PUMP = text(statements.PUMP)
RELEASE = text(statements.RELEASE)
FIND_LOST = text(statements.FIND_LOST)
FIND_UNCLOSED = text(statements.FIND_UNCLOSED)
FORGET_WORKERS = text(statements.FORGET_WORKERS)

PLANS_KEPT = 64
# Without a sign of life for this long, a process that plans a task anew is taken for dead.
SILENCE_S = 30.0
_PLANS: OrderedDict[str, ExecutionPlan] = OrderedDict()


class TaskStore:
    """The rows of tasks in execution, within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_task(self, task_id: str) -> Task:
        """Return the task, locked; `Stale` when it is gone.

        Every move takes this lock first, so moves never deadlock.
        """
        found = await self._session.execute(
            select(Task).where(Task.id == task_id).with_for_update()
        )
        task = found.scalar_one_or_none()
        if task is None:
            raise Stale(f"Task {task_id} no longer exists.")
        return task

    async def lock_task_of(self, step_id: str) -> Task:
        """Return the task of a step, locked; `Stale` when the step is gone."""
        found = await self._session.execute(
            select(Task)
            .join(AgentTaskRow, AgentTaskRow.task_id == Task.id)
            .where(AgentTaskRow.id == step_id)
            .with_for_update(of=Task)
        )
        task = found.scalar_one_or_none()
        if task is None:
            raise Stale(f"Step {step_id} no longer exists.")
        return task

    async def step(self, step_id: str) -> AgentTaskRow:
        """Return a step's row as it is now."""
        found = await self._session.execute(
            select(AgentTaskRow)
            .where(AgentTaskRow.id == step_id)
            .execution_options(populate_existing=True)
        )
        return found.scalar_one()

    async def tasks_in_planning(self, older_than_s: float) -> list[str]:
        """Return the tasks that entered planning longer ago than this."""
        born_before = func.now() - func.make_interval(0, 0, 0, 0, 0, 0, older_than_s)
        found = await self._session.execute(
            select(Task.id)
            .where(Task.status == TaskStatus.PLANNING, Task.created_at < born_before)
            # Two workers that lock them in one order cannot block each other.
            .order_by(Task.id)
        )
        return list(found.scalars())

    async def steps(self, task_id: str) -> list[AgentTaskRow]:
        """Return all steps of a task in the plan's order."""
        found = await self._session.execute(
            select(AgentTaskRow)
            .where(AgentTaskRow.task_id == task_id)
            .order_by(AgentTaskRow.position)
            .execution_options(populate_existing=True)
        )
        return list(found.scalars())

    async def children(self, step_id: str) -> list[tuple[AgentTaskRow, bool]]:
        """Return the steps that wait for this one, and whether they need its result."""
        found = await self._session.execute(
            select(AgentTaskRow, AgentTaskEdge.is_hard)
            .join(AgentTaskEdge, AgentTaskEdge.child_id == AgentTaskRow.id)
            .where(AgentTaskEdge.parent_id == step_id)
            .execution_options(populate_existing=True)
        )
        return [(row, is_hard) for row, is_hard in found]

    async def parents(self, step_id: str) -> list[AgentTaskRow]:
        """Return the steps that this one waited for."""
        found = await self._session.execute(
            select(AgentTaskRow)
            .join(AgentTaskEdge, AgentTaskEdge.parent_id == AgentTaskRow.id)
            .where(AgentTaskEdge.child_id == step_id)
            .order_by(AgentTaskRow.position)
        )
        return list(found.scalars())

    async def release_children(self, step_id: str) -> None:
        """Count one step less to wait for in every step that waits for this one."""
        await self._session.execute(RELEASE, {"step_id": step_id})

    async def queue_ready(self, task_id: str) -> int:
        """Queue every step of a running task that waits for nothing; return how many."""
        return rows_changed(await self._session.execute(PUMP, {"task_id": task_id}))

    async def live_step_exists(self, task_id: str) -> bool:
        """Whether any step of the task has not ended."""
        found = await self._session.execute(
            select(AgentTaskRow.id)
            .where(AgentTaskRow.task_id == task_id, AgentTaskRow.status.not_in(ENDED_STEPS))
            .limit(1)
        )
        return found.first() is not None

    async def lost_steps(self, *, lease_s: float, all_workers_dead: bool) -> list[tuple[str, int]]:
        """Return the running steps, with their attempts, whose worker is gone or silent."""
        values = {"lease_s": lease_s, "all_workers_dead": all_workers_dead}
        found = await self._session.execute(FIND_LOST, values)
        return [(row.id, row.attempt) for row in found]

    async def unclosed_tasks(self) -> list[str]:
        """Return the running tasks without a live step."""
        return list((await self._session.execute(FIND_UNCLOSED)).scalars())

    async def forget_workers(self, *, silent_s: float) -> None:
        """Delete the rows of workers silent for longer than this."""
        await self._session.execute(FORGET_WORKERS, {"silent_s": silent_s})

    async def next_seq(self, step: AgentTaskRow) -> int:
        """Return the number after the step's last recorded model call."""
        found = await self._session.execute(
            select(func.max(ModelCall.seq)).where(
                ModelCall.task_id == step.task_id, ModelCall.step_key == step.key
            )
        )
        return (found.scalar_one() or 0) + 1

    async def plan(self, plan_id: str) -> ExecutionPlan:
        """Return a plan. A revision never changes, so it is read once."""
        known = _PLANS.get(plan_id)
        if known is None:
            found = await self._session.execute(select(Plan.body).where(Plan.id == plan_id))
            known = ExecutionPlan.model_validate(found.scalar_one())
            _PLANS[plan_id] = known
            while len(_PLANS) > PLANS_KEPT:
                _PLANS.popitem(last=False)
        return known

    async def tasks_replanned(self, silent_s: float) -> list[str]:
        """Return the tasks whose new plan gave its last sign of life longer ago than this."""
        found = await self._session.execute(
            select(Task.id)
            .where(Task.replan_id.is_not(None), _silent_for(silent_s))
            .order_by(Task.id)
        )
        return list(found.scalars())

    async def tasks_to_replan(self) -> list[str]:
        """Return the tasks that shall be planned anew by themselves and that nobody plans yet."""
        found = await self._session.execute(
            select(Task.id)
            .where(Task.is_replan_due, Task.replan_id.is_(None) | _silent_for(SILENCE_S))
            .order_by(Task.id)
        )
        return list(found.scalars())

    async def tasks_past_deadline(self) -> list[str]:
        """Return the running tasks whose deadline has passed."""
        found = await self._session.execute(
            select(Task.id)
            .where(Task.status == TaskStatus.RUNNING, Task.deadline_at <= func.now())
            .order_by(Task.id)
        )
        return list(found.scalars())

    async def add_steps(self, task: Task, steps: Sequence[PlanStep]) -> None:
        """Insert one row for each step and each edge of a plan."""
        ids = await self.add_rows(task, steps)
        edges = edge_rows(steps, ids)
        if edges:
            await self._session.execute(insert(AgentTaskEdge), edges)

    async def add_rows(self, task: Task, steps: Sequence[PlanStep]) -> dict[str, str]:
        """Insert one row for each step; return their ids by key."""
        ids = {step.key: new_id() for step in steps}
        rows = [
            {
                "id": ids[step.key],
                "task_id": task.id,
                "user_id": task.user_id,
                "priority": task.priority,
                "key": step.key,
                "position": position,
                "agent": step.agent,
                "status": StepStatus.WAITING,
                "waiting_on": len(parents(step)),
                "cap_usd": None if step.cap_usd is None else Decimal(str(step.cap_usd)),
                "spec": step.model_dump(mode="json"),
            }
            for position, step in enumerate(steps)
        ]
        if rows:
            await self._session.execute(insert(AgentTaskRow), rows)
        return ids


def _silent_for(silent_s: float) -> ColumnElement[bool]:
    return Task.replan_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, silent_s)


def edge_rows(steps: Sequence[PlanStep], ids: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the edges into these steps; `ids` are those of all rows by key."""
    return [
        {
            "parent_id": ids[parent],
            "child_id": ids[step.key],
            "is_hard": parent in step.depends_on,
        }
        for step in steps
        for parent in parents(step)
    ]


def to_agent_task(row: AgentTaskRow) -> AgentTask:
    """Return a row as the agents see it, without its result."""
    message = str(row.error.get("message", "")) if row.error else None
    return AgentTask(
        key=row.key,
        step=PlanStep.model_validate(row.spec),
        status=StepStatus(row.status),
        attempt=row.attempt,
        error=message,
    )


def rows_changed(result: Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    if not isinstance(result, CursorResult):
        message = f"not the result of a change: {type(result)}"
        raise TypeError(message)
    return result.rowcount
