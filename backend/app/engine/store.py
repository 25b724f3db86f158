"""Every query of the engine's own rows: tasks in execution, their steps and edges."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.dag import parents
from app.agents.results import ArtifactRef
from app.agents.transitions import TaskStatus
from app.agents.types import AgentTask, StepStatus
from app.core.ids import new_id
from app.engine.errors import Stale
from app.engine.queue import StepJob
from app.engine.statements import CLAIM, FINISH, LIVE_STEP, QUEUE_READY, RELEASE, SET_JOBS
from app.models import AgentTaskEdge, AgentTaskRow, Artifact, ModelCall, Plan, Task
from app.schemas.plan import ExecutionPlan, PlanStep
from app.schemas.source import Source

PLANS_KEPT = 64
_PLANS: OrderedDict[str, ExecutionPlan] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedStep:
    """A step taken for one attempt, with what is needed to run it."""

    task_id: str
    plan_id: str
    created_at: datetime
    first_seq: int
    agent_task: AgentTask


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedStep:
    """A step that was just marked done."""

    task_id: str
    key: str
    agent: str
    title: str


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

    async def claim(self, step_id: str, attempt: int) -> ClaimedStep:
        """Mark a queued step running for this attempt; `Stale` when it is another's."""
        claimed = await self._session.execute(CLAIM, {"step_id": step_id, "attempt": attempt})
        row = claimed.one_or_none()
        if row is None:
            raise Stale(f"Attempt {attempt} of step {step_id} is not the current one.")
        return ClaimedStep(
            task_id=str(row.task_id),
            plan_id=str(row.plan_id),
            created_at=row.created_at,
            first_seq=row.first_seq,
            agent_task=AgentTask(
                key=row.key,
                step=PlanStep.model_validate(row.spec),
                status=StepStatus.RUNNING,
                attempt=row.attempt,
            ),
        )

    async def finish(
        self, step_id: str, attempt: int, *, result_sha256: str, summary: str
    ) -> EndedStep:
        """Mark a running step done for this attempt; `Stale` when it is another's."""
        finished = await self._session.execute(
            FINISH,
            {
                "step_id": step_id,
                "attempt": attempt,
                "result_sha256": result_sha256,
                "summary": summary,
            },
        )
        row = finished.one_or_none()
        if row is None:
            raise Stale(f"Attempt {attempt} of step {step_id} no longer holds it.")
        return EndedStep(task_id=str(row.task_id), key=row.key, agent=row.agent, title=row.title)

    async def release_children(self, step_id: str) -> None:
        """Count one step less to wait for in every step that waits for this one."""
        await self._session.execute(RELEASE, {"step_id": step_id})

    async def queue_ready(self, task_id: str) -> list[StepJob]:
        """Mark every ready step of a running task queued, each as a new attempt."""
        queued = await self._session.execute(QUEUE_READY, {"task_id": task_id})
        return [
            StepJob(step_id=str(row.id), attempt=row.attempt, ready_at=row.ready_at)
            for row in sorted(queued, key=lambda row: row.position)
        ]

    async def set_jobs(self, jobs: Sequence[StepJob], job_ids: Sequence[int]) -> None:
        """Note which job carries which step."""
        step_ids = [job.step_id for job in jobs]
        await self._session.execute(SET_JOBS, {"step_ids": step_ids, "job_ids": list(job_ids)})

    async def live_step_exists(self, task_id: str) -> bool:
        """Whether any step of the task has not ended."""
        found = await self._session.execute(LIVE_STEP, {"task_id": task_id})
        return found.first() is not None

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

    async def add_steps(self, task_id: str, steps: Sequence[PlanStep]) -> None:
        """Insert one row for each step and each edge of a plan."""
        ids = {step.key: new_id() for step in steps}
        for position, step in enumerate(steps):
            self._session.add(
                AgentTaskRow(
                    id=ids[step.key],
                    task_id=task_id,
                    key=step.key,
                    position=position,
                    agent=step.agent,
                    status=StepStatus.WAITING,
                    waiting_on=len(parents(step)),
                    spec=step.model_dump(mode="json"),
                )
            )
        await self._session.flush()
        edges = [
            {
                "parent_id": ids[parent],
                "child_id": ids[step.key],
                "is_hard": parent in step.depends_on,
            }
            for step in steps
            for parent in parents(step)
        ]
        if edges:
            await self._session.execute(insert(AgentTaskEdge), edges)

    async def save_artifact(
        self, task_id: str, step_key: str, ref: ArtifactRef, sources: tuple[Source, ...]
    ) -> None:
        """Insert a file's row, or replace what an earlier attempt left under its name."""
        values = {
            "step_key": step_key,
            "media_type": ref.media_type,
            "sha256": ref.sha256,
            "size_bytes": ref.size_bytes,
            "report": ref.report.model_dump(mode="json"),
            "sources": [source.model_dump(mode="json") for source in sources],
        }
        statement = insert(Artifact).values(id=new_id(), task_id=task_id, name=ref.name, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["task_id", "name"], set_=values)
        )


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
