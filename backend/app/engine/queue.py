"""The steps are the queue: what is handed out of it, and how its takers are woken."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.results import ArtifactRef
from app.agents.types import StepStatus
from app.engine.statements import STEPS_CHANNEL
from app.schemas.source import Source

NOTIFY = text("SELECT pg_notify(:channel, :notice)")

SavedFile = tuple[ArtifactRef, tuple[Source, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentStep:
    """An ended step that another waited for, its result by its hash."""

    key: str
    status: StepStatus
    result_sha256: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClaimedStep:
    """A step taken for one attempt, with what is needed to run it; equal only to itself."""

    id: str
    task_id: str
    plan_id: str
    task_created_at: datetime
    key: str
    attempt: int
    first_seq: int
    parents: tuple[ParentStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A result as rows keep it: its text when it is small, else a blob under its hash."""

    sha256: str
    text: str | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedStep:
    """A step whose attempt is through, with what it made."""

    step: ClaimedStep
    result: StoredResult
    files: tuple[SavedFile, ...]


async def wake_workers(session: AsyncSession, *, stopped_task: str = "") -> None:
    """Tell every worker, on commit, that steps wait, or that this task was stopped."""
    await session.execute(NOTIFY, {"channel": STEPS_CHANNEL, "notice": stopped_task})
