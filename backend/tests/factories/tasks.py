"""Tasks as rows, with events and files, without an engine."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func

from app.agents.transitions import TaskStatus
from app.artifacts.report import GateCheck, GateReport
from app.core.blobs import BlobStore
from app.core.database import Database
from app.core.ids import new_id
from app.engine.events import record
from app.models import Artifact, Plan, Task
from app.schemas.plan import ExecutionPlan, TaskType
from app.schemas.review import ReviewReport
from app.services.tasks.repository import TaskRepository


async def make_task(
    database: Database,
    user_id: str,
    *,
    goal: str = "Brief the board",
    status: TaskStatus = TaskStatus.RUNNING,
    created_at: datetime | None = None,
    events: Sequence[str] = ("task.created",),
    result: Mapping[str, object] | None = None,
) -> Task:
    """Insert a task with these events; `result` is its outcome as JSON."""
    task = Task(
        id=new_id(),
        user_id=user_id,
        goal=goal,
        title=goal,
        task_type=TaskType.COMPLEX,
        language="en",
        model="builtin",
        status=status,
        file_ids=[],
        cap_usd=Decimal(1),
        created_at=created_at or func.now(),
        result=None if result is None else dict(result),
    )
    async with database.transaction() as session:
        session.add(task)
        await session.flush()
        for kind in events:
            await record(session, task.id, kind, payload={"of": goal})
        await session.refresh(task)
    return task


async def add_event(
    database: Database, task_id: str, kind: str, *, status: TaskStatus | None = None
) -> None:
    """Append an event to a task and, if given, change its status with it."""
    async with database.transaction() as session:
        if status is not None:
            task = await session.get_one(Task, task_id)
            task.status = status
            await session.flush()
        await record(session, task_id, kind)


async def make_plan_row(database: Database, task_id: str, plan: ExecutionPlan) -> Plan:
    """Insert the next revision of a task's plan and make it the current one."""
    async with database.transaction() as session:
        task = await session.get_one(Task, task_id)
        return await TaskRepository(session).add_plan(task, plan)


async def make_artifact(
    database: Database,
    task_id: str,
    blobs: BlobStore,
    *,
    name: str = "report.md",
    content: bytes = b"# Report\n",
    review: ReviewReport | None = None,
) -> Artifact:
    """Insert a finished file of a task, its bytes in the store."""
    report = GateReport(checks=(GateCheck(name="opens", passed=True),), review=review)
    artifact = Artifact(
        id=new_id(),
        task_id=task_id,
        step_key="docs",
        name=name,
        media_type="text/markdown",
        sha256=blobs.put(content),
        size_bytes=len(content),
        report=report.model_dump(mode="json"),
        sources=[],
    )
    async with database.transaction() as session:
        session.add(artifact)
        await session.flush()
        await session.refresh(artifact)
    return artifact
