"""A user's tasks: reading them, stopping them, running them again."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from app.agents.transitions import TaskStatus
from app.core.blobs import BlobStore
from app.core.database import Database
from app.models import Artifact
from app.schemas.task import TaskRead, TaskSummary
from app.services.tasks.approval import withdraw_proposed
from app.services.tasks.caps import set_cap, set_step_caps
from app.services.tasks.ports import TaskEngine
from app.services.tasks.repository import TaskRepository
from app.services.tasks.views import TaskRows, read_task, summarise


class TaskService:
    """Tasks that exist."""

    def __init__(self, database: Database, *, engine: TaskEngine, blobs: BlobStore) -> None:
        self._database = database
        self._engine = engine
        self._blobs = blobs

    async def get(self, user_id: str, task_id: str) -> TaskRead:
        """Return the user's task whole."""
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            task = await tasks.get(user_id, task_id)
            rows = TaskRows(
                task=task,
                plan=await tasks.find_plan(task),
                steps=await tasks.steps(task_id),
                artifacts=await tasks.artifacts(task_id),
                ledger=await tasks.ledger(task_id),
            )
        return read_task(rows)

    async def page(
        self,
        user_id: str,
        *,
        limit: int,
        before: tuple[datetime, str] | None = None,
        status: str | None = None,
    ) -> list[TaskSummary]:
        """Return the user's tasks, newest first."""
        async with self._database.transaction() as session:
            tasks = await TaskRepository(session).page(
                user_id, limit=limit, before=before, status=status
            )
        return [summarise(task) for task in tasks]

    async def require(self, user_id: str, task_id: str) -> None:
        """Raise `TaskMissing` unless the user may read the task."""
        async with self._database.transaction() as session:
            await TaskRepository(session).get(user_id, task_id)

    async def artifact(self, user_id: str, task_id: str, name: str) -> tuple[Artifact, bytes]:
        """Return a file of a task with its bytes."""
        async with self._database.transaction() as session:
            tasks = TaskRepository(session)
            await tasks.get(user_id, task_id)
            artifact = await tasks.artifact(task_id, name)
        return artifact, await asyncio.to_thread(self._blobs.get, artifact.sha256)

    async def cancel(self, user_id: str, task_id: str) -> TaskRead:
        """Cancel a task; what is done stays, `resume` can run it again."""
        return await self._stop(user_id, task_id, TaskStatus.CANCELLED)

    async def pause(self, user_id: str, task_id: str) -> TaskRead:
        """Pause a running task."""
        return await self._stop(user_id, task_id, TaskStatus.PAUSED)

    async def resume(
        self,
        user_id: str,
        task_id: str,
        *,
        cap_usd: float | None = None,
        step_caps_usd: Mapping[str, float] | None = None,
        deadline_s: float | None = None,
    ) -> TaskRead:
        """Run a stopped or failed task again from what is done, with new limits if given.

        The plan that was last approved is the one that goes on; a proposed one is given up.

        Raises:
            CapInvalid: A new cap is below what is spent, or names no step of the task.
            TransitionForbidden: The task is done, or runs already.
            DeadlinePassed: Its time is up, and no new deadline is given.
        """
        async with self._database.transaction() as session:
            task = await TaskRepository(session).get(user_id, task_id, locked=True)
            if cap_usd is not None:
                set_cap(task, cap_usd)
            if step_caps_usd:
                set_step_caps(await TaskRepository(session).steps(task_id), step_caps_usd)
            self._engine.renew_deadline(task, deadline_s)
            if task.status != TaskStatus.PLANNED:
                await withdraw_proposed(session, task)
            await session.flush()
            await self._engine.resume(session, task_id)
        return await self.get(user_id, task_id)

    async def _stop(self, user_id: str, task_id: str, status: TaskStatus) -> TaskRead:
        async with self._database.transaction() as session:
            await TaskRepository(session).get(user_id, task_id, locked=True)
            await self._engine.stop(session, task_id, status)
        return await self.get(user_id, task_id)
