"""The results of steps, kept beside the rows by their hash."""

import asyncio
from collections.abc import Sequence

from app.agents.results import AgentResult, ArtifactRef
from app.agents.types import AgentTask, StepStatus
from app.artifacts.report import RenderedFile
from app.core.blobs import BlobNotFound, BlobStore
from app.engine.store import to_agent_task
from app.models import AgentTaskRow
from app.schemas.source import Source


async def put_result(blobs: BlobStore, result: AgentResult) -> str:
    """Store a result; return its hash."""
    content = result.model_dump_json().encode()
    return await asyncio.to_thread(blobs.put, content)


async def load_tasks(blobs: BlobStore, rows: Sequence[AgentTaskRow]) -> tuple[AgentTask, ...]:
    """Return rows as the agents see them, with their results, read in one go in a thread."""
    return await asyncio.to_thread(lambda: tuple(_load(blobs, row) for row in rows))


async def load_ended(blobs: BlobStore, rows: Sequence[AgentTaskRow]) -> tuple[AgentTask, ...]:
    """Return ended rows with their results; one whose result is lost counts as failed."""
    return await asyncio.to_thread(lambda: tuple(_load_or_fail(blobs, row) for row in rows))


def _load_or_fail(blobs: BlobStore, row: AgentTaskRow) -> AgentTask:
    try:
        return _load(blobs, row)
    except BlobNotFound as lost:
        task = to_agent_task(row)
        return task.model_copy(update={"status": StepStatus.FAILED, "error": lost.message})


def _load(blobs: BlobStore, row: AgentTaskRow) -> AgentTask:
    task = to_agent_task(row)
    if row.result_sha256 is None:
        return task
    content = blobs.get(row.result_sha256)
    return task.model_copy(update={"result": AgentResult.model_validate_json(content)})


class StepFiles:
    """The `ArtifactStore` of one attempt: bytes are stored now, rows when the step finishes."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.saved: list[tuple[ArtifactRef, tuple[Source, ...]]] = []

    async def save(self, file: RenderedFile, sources: tuple[Source, ...]) -> ArtifactRef:
        """Store the bytes under their hash."""
        sha256 = await asyncio.to_thread(self._blobs.put, file.content)
        ref = ArtifactRef(
            name=file.name,
            media_type=file.media_type,
            sha256=sha256,
            size_bytes=len(file.content),
            report=file.report,
        )
        self.saved.append((ref, sources))
        return ref
