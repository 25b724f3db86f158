"""Runs a goal as a user's order, and keeps what came of it."""

import asyncio
import io
from dataclasses import dataclass, field
from pathlib import PurePath

from pptx import Presentation
from sqlalchemy import select

from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus
from app.core.errors import AppError
from app.engine import ResultStore
from app.models import AgentTaskRow
from app.runtime import Runtime
from app.schemas.task import TaskOrder, TaskRead
from app.services.files import FileLibraries
from app.sources import SourceLibrary
from tests.e2e.goals.goal_case import GoalCase

_LIVE = frozenset({TaskStatus.PLANNED, TaskStatus.RUNNING})
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a goal: a refusal, or an ended task with its files and results."""

    refusal: str = ""
    task: TaskRead | None = None
    library: SourceLibrary = field(default_factory=lambda: SourceLibrary([]))
    results: tuple[AgentResult, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def slide_counts(self) -> list[int]:
        """The number of slides in each deck's file."""
        decks = [content for name, content in self.files.items() if name.endswith(".pptx")]
        return [len(Presentation(io.BytesIO(content)).slides) for content in decks]

    @property
    def extensions(self) -> list[str]:
        """The endings of the files."""
        return sorted(PurePath(name).suffix for name in self.files)

    @property
    def last_words(self) -> list[str]:
        """What the user reads at the end: highlights, and what is missing."""
        said = [r.synthesis for r in self.results if r.synthesis is not None]
        return [text for synthesis in said for text in (*synthesis.highlights, *synthesis.missing)]


class GoalRunner:
    """Runs each goal once; later checks of it look at the same outcome."""

    def __init__(self, runtime: Runtime, user_id: str) -> None:
        self._runtime = runtime
        self._user_id = user_id
        self._outcomes: dict[str, Outcome] = {}

    async def outcome(self, case: GoalCase) -> Outcome:
        """Return what came of a goal."""
        if case.name not in self._outcomes:
            self._outcomes[case.name] = await self._run(case)
        return self._outcomes[case.name]

    async def _run(self, case: GoalCase) -> Outcome:
        runtime, uploads = self._runtime, list(case.files())
        try:
            added = await runtime.files.add_all(self._user_id, uploads) if uploads else []
            order = TaskOrder(goal=case.goal, file_ids=tuple(file.id for file in added))
            task = await runtime.orchestration.run(self._user_id, order)
        except AppError as error:
            return Outcome(refusal=error.code)
        while task.status in _LIVE:
            await asyncio.sleep(_LOOK_EVERY_S)
            task = await runtime.tasks.get(self._user_id, task.id)
        return await self._collected(task)

    async def _collected(self, task: TaskRead) -> Outcome:
        runtime = self._runtime
        libraries = FileLibraries(runtime.database, runtime.blobs, None)
        files = {
            made.name: (await runtime.tasks.artifact(self._user_id, task.id, made.name))[1]
            for made in task.artifacts
        }
        async with runtime.database.transaction() as session:
            found = await session.scalars(
                select(AgentTaskRow.result_sha256).where(AgentTaskRow.task_id == task.id)
            )
            hashes = [sha256 for sha256 in found if sha256]
        loaded = await ResultStore(runtime.database, runtime.blobs).load(task.id, hashes)
        return Outcome(
            task=task,
            library=await libraries.load(task.file_ids),
            results=tuple(loaded[sha256] for sha256 in hashes),
            files=files,
        )
