"""Every query of tasks, plans and artifacts that users see."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.models import AgentTaskRow, Artifact, ModelCall, Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.plan_edit import PlanStatus
from app.services.tasks.errors import ArtifactMissing, PlanNotFound, TaskMissing
from app.services.tasks.views import LedgerSums


def readable_by(user_id: str) -> Select[Task]:
    """Return the statement for all tasks that the user may read."""
    return select(Task).where(Task.user_id == user_id)


class TaskRepository:
    """Tasks within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, task: Task) -> None:
        """Insert a task."""
        self._session.add(task)
        await self._session.flush()

    async def remove(self, task: Task) -> None:
        """Delete a task with all that hangs on it."""
        await self._session.delete(task)
        await self._session.flush()

    async def get(self, user_id: str, task_id: str, *, locked: bool = False) -> Task:
        """Return the user's task, or raise `TaskMissing`."""
        query = readable_by(user_id).where(Task.id == task_id)
        found = await self._session.execute(query.with_for_update() if locked else query)
        task = found.scalar_one_or_none()
        if task is None:
            raise TaskMissing(f"There is no task {task_id} among yours.")
        return task

    async def owner_of(self, task_id: str) -> str:
        """Return whose task it is, or raise `TaskMissing`."""
        found = await self._session.execute(select(Task.user_id).where(Task.id == task_id))
        owner = found.scalar_one_or_none()
        if owner is None:
            raise TaskMissing(f"There is no task {task_id}.")
        return owner

    async def page(
        self,
        user_id: str,
        *,
        limit: int,
        before: tuple[datetime, str] | None,
        status: str | None,
    ) -> list[Task]:
        """Return the user's tasks, newest first, from before a (created_at, id) key."""
        query = readable_by(user_id)
        if status is not None:
            query = query.where(Task.status == status)
        if before is not None:
            query = query.where(tuple_(Task.created_at, Task.id) < before)
        found = await self._session.execute(
            query.order_by(Task.created_at.desc(), Task.id.desc()).limit(limit)
        )
        return list(found.scalars())

    async def add_plan(self, task: Task, plan: ExecutionPlan) -> Plan:
        """Insert the next revision of the task's plan and make it the current one."""
        last = await self._session.execute(
            select(func.max(Plan.revision)).where(Plan.task_id == task.id)
        )
        await self.supersede_proposed(task.id)
        row = Plan(
            id=new_id(),
            task_id=task.id,
            revision=(last.scalar_one() or 0) + 1,
            content_hash=plan.content_hash,
            body=plan.model_dump(mode="json"),
            status=PlanStatus.PROPOSED,
        )
        self._session.add(row)
        task.plan_id = row.id
        await self._session.flush()
        await self._session.refresh(row, ["created_at"])
        return row

    async def supersede_proposed(self, task_id: str) -> None:
        """Let the revision that waits for approval wait no longer."""
        await self._supersede(task_id, PlanStatus.PROPOSED)

    async def supersede_approved(self, task_id: str) -> None:
        """Let the approved revision make way for another one."""
        await self._supersede(task_id, PlanStatus.APPROVED)

    async def _supersede(self, task_id: str, status: PlanStatus) -> None:
        await self._session.flush()
        await self._session.execute(
            update(Plan)
            .where(Plan.task_id == task_id, Plan.status == status)
            .values(status=PlanStatus.SUPERSEDED)
        )

    async def find_approved_plan(self, task_id: str) -> Plan | None:
        """Return the approved revision of a task's plan."""
        found = await self._session.execute(
            select(Plan).where(Plan.task_id == task_id, Plan.status == PlanStatus.APPROVED)
        )
        return found.scalar_one_or_none()

    async def find_plan(self, task: Task) -> Plan | None:
        """Return the current plan of the task."""
        if task.plan_id is None:
            return None
        found = await self._session.execute(select(Plan).where(Plan.id == task.plan_id))
        return found.scalar_one_or_none()

    async def plan_revisions(
        self, task_id: str, *, limit: int, before: tuple[datetime, str] | None
    ) -> list[Plan]:
        """Return the revisions of a task's plan, newest first, from before a (created_at, id)."""
        query = select(Plan).where(Plan.task_id == task_id)
        if before is not None:
            query = query.where(tuple_(Plan.created_at, Plan.id) < before)
        found = await self._session.execute(
            query.order_by(Plan.created_at.desc(), Plan.id.desc()).limit(limit)
        )
        return list(found.scalars())

    async def plan_revision(self, task_id: str, revision: int) -> Plan:
        """Return one revision of a task's plan, or raise `PlanNotFound`."""
        found = await self._session.execute(
            select(Plan).where(Plan.task_id == task_id, Plan.revision == revision)
        )
        row = found.scalar_one_or_none()
        if row is None:
            raise PlanNotFound(f"The task's plan has no revision {revision}.")
        return row

    async def steps(self, task_id: str) -> Sequence[AgentTaskRow]:
        """Return the steps in the plan's order."""
        found = await self._session.execute(
            select(AgentTaskRow)
            .where(AgentTaskRow.task_id == task_id)
            .order_by(AgentTaskRow.position)
        )
        return found.scalars().all()

    async def artifacts(self, task_id: str) -> Sequence[Artifact]:
        """Return the files in the order they were made."""
        found = await self._session.execute(
            select(Artifact)
            .where(Artifact.task_id == task_id)
            .order_by(Artifact.created_at, Artifact.name)
        )
        return found.scalars().all()

    async def artifact(self, task_id: str, name: str) -> Artifact:
        """Return one file of a task, or raise `ArtifactMissing`."""
        found = await self._session.execute(
            select(Artifact).where(Artifact.task_id == task_id, Artifact.name == name)
        )
        artifact = found.scalar_one_or_none()
        if artifact is None:
            raise ArtifactMissing(f"This task has no file {name}.")
        return artifact

    async def ledger(self, task_id: str) -> LedgerSums:
        """Return what the ledger says of a task, summed up."""
        found = await self._session.execute(
            select(
                ModelCall.step_key,
                ModelCall.model,
                func.sum(ModelCall.cost_usd).filter(ModelCall.status == "unknown"),
                func.sum(ModelCall.input_tokens + ModelCall.output_tokens),
                func.bool_or(ModelCall.status == "done"),
            )
            .where(ModelCall.task_id == task_id)
            .group_by(ModelCall.step_key, ModelCall.model)
            .order_by(ModelCall.step_key, func.min(ModelCall.seq), ModelCall.model)
        )
        uncertain_usd, tokens = Decimal(0), 0
        answered_by: dict[str, tuple[str, ...]] = {}
        for step_key, model, unknown_usd, used, has_answered in found:
            uncertain_usd += unknown_usd or 0
            tokens += used or 0
            if has_answered:
                answered_by[step_key] = (*answered_by.get(step_key, ()), model)
        return LedgerSums(uncertain_usd=uncertain_usd, tokens=tokens, answered_by=answered_by)
