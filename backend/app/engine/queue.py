"""The job queue: it only carries "run step S, attempt N" to some worker. Five verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True, kw_only=True)
class StepJob:
    """One job: an attempt of a step, not before `ready_at`."""

    step_id: str
    attempt: int
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostStep:
    """A step whose job will never end it."""

    step_id: str
    attempt: int


class StepHandler(Protocol):
    """What a worker does with a job."""

    async def run(self, step_id: str, attempt: int) -> None:
        """Run the attempt to its end."""
        ...

    async def hand_back(self, step_id: str, attempt: int) -> None:
        """The worker leaves: give the step back so that another takes it at once."""
        ...


class JobQueue(Protocol):
    """Carries jobs to workers; never the truth about a step."""

    async def defer(self, session: AsyncSession, jobs: Sequence[StepJob]) -> list[int]:
        """Add jobs in the session's own transaction; return their ids in order."""
        ...

    async def abort(self, session: AsyncSession, job_ids: Sequence[int]) -> None:
        """Cancel waiting jobs and ask workers to abort running ones, on commit."""
        ...

    async def find_lost(
        self, session: AsyncSession, *, lease_s: float, all_workers_dead: bool
    ) -> list[LostStep]:
        """Return steps queued or running whose job is gone, ended, or held by a dead worker."""
        ...

    async def sweep(self, session: AsyncSession, *, lease_s: float) -> None:
        """Forget ended jobs and workers silent for much longer than the lease."""
        ...

    async def work(self, handler: StepHandler, *, concurrency: int, grace_s: float) -> None:
        """Take and run jobs until cancelled; then wait `grace_s` and abort what still runs."""
        ...
