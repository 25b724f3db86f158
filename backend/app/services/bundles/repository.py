"""Every query that an export asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from app.models import AgentTaskRow, Artifact, File, ModelCall, Plan, Task, TaskEvent
from app.services.tasks import TaskMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRows:
    """All rows of one task, read in one transaction."""

    task: Task
    plan: Plan | None
    steps: Sequence[AgentTaskRow]
    calls: Sequence[ModelCall]
    events: Sequence[TaskEvent]
    artifacts: Sequence[Artifact]
    files: Sequence[File]


class BundleRepository:
    """A task's rows within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def task(self, user_id: str, task_id: str) -> Task:
        """Return the user's task, held against changes until the transaction ends.

        Raises:
            TaskMissing: There is none, or it is not this user's.
        """
        query = select(Task).where(Task.id == task_id, Task.user_id == user_id)
        found = await self._session.execute(query.with_for_update(read=True))
        task = found.scalar_one_or_none()
        if task is None:
            raise TaskMissing(f"There is no task {task_id} among yours.")
        return task

    async def rows(self, task: Task) -> BundleRows:
        """Return all that hangs on the task, each kind in its own order."""
        of_task = self._session.execute
        plans = await of_task(select(Plan).where(Plan.id == task.plan_id))
        steps = await of_task(
            select(AgentTaskRow)
            .where(AgentTaskRow.task_id == task.id)
            .options(undefer(AgentTaskRow.result))
            .order_by(AgentTaskRow.position)
        )
        calls = await of_task(
            select(ModelCall)
            .where(ModelCall.task_id == task.id)
            .options(undefer(ModelCall.request))
            .order_by(ModelCall.step_key, ModelCall.seq, ModelCall.send)
        )
        events = await of_task(
            select(TaskEvent).where(TaskEvent.task_id == task.id).order_by(TaskEvent.seq)
        )
        artifacts = await of_task(
            select(Artifact).where(Artifact.task_id == task.id).order_by(Artifact.name)
        )
        files = await of_task(
            select(File).where(File.id.in_(task.file_ids), File.user_id == task.user_id)
        )
        by_id = {file.id: file for file in files.scalars()}
        return BundleRows(
            task=task,
            plan=plans.scalar_one_or_none(),
            steps=steps.scalars().all(),
            calls=calls.scalars().all(),
            events=events.scalars().all(),
            artifacts=artifacts.scalars().all(),
            files=[by_id[id] for id in dict.fromkeys(task.file_ids) if id in by_id],
        )
