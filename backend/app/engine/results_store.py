"""The results of steps by their hash: small ones in the step's row, large ones as blobs."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.agents.results import AgentResult, ArtifactRef
from app.agents.types import AgentTask, StepStatus
from app.artifacts.report import RenderedFile
from app.core.blobs import BlobNotFound, BlobStore, sha256_hex
from app.core.database import Database
from app.engine.queue import SavedFile, StoredResult
from app.engine.store import to_agent_task
from app.models import AgentTaskRow
from app.schemas.source import Source

# A row beyond this is moved aside by PostgreSQL piece by piece; a file is cheaper.
ROW_BYTES = 32_768
RESULTS_KEPT = 256


class ResultStore:
    """Stores results and gives them back; the last ones without asking anybody."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._recent: OrderedDict[str, AgentResult] = OrderedDict()

    async def put(self, result: AgentResult) -> StoredResult:
        """Return the result as its row shall keep it; a large one is a blob when this returns."""
        content = result.model_dump_json()
        encoded = content.encode()
        sha256 = sha256_hex(encoded)
        is_small = len(encoded) <= ROW_BYTES
        if is_small:
            self._keep(sha256, result)
        else:
            await asyncio.to_thread(self._blobs.put, encoded)
        return StoredResult(
            sha256=sha256, text=content if is_small else None, summary=result.summary
        )

    async def load(self, task_id: str, hashes: Sequence[str]) -> dict[str, AgentResult]:
        """Return results of a task by their hashes.

        Raises:
            BlobNotFound: One is neither in the rows nor in the data folder.
        """
        known, lost = await self._find(task_id, hashes)
        for error in lost.values():
            raise error
        return known

    async def load_tasks(self, task_id: str, rows: Sequence[AgentTaskRow]) -> tuple[AgentTask, ...]:
        """Return ended rows of a task as the agents see them, with their results.

        A step whose result is gone counts as failed.
        """
        hashes = [row.result_sha256 for row in rows if row.result_sha256 is not None]
        known, lost = await self._find(task_id, hashes)
        return tuple(_with_result(row, known, lost) for row in rows)

    async def _find(
        self, task_id: str, hashes: Sequence[str]
    ) -> tuple[dict[str, AgentResult], dict[str, BlobNotFound]]:
        known = {sha256: self._recent[sha256] for sha256 in hashes if sha256 in self._recent}
        absent = [sha256 for sha256 in hashes if sha256 not in known]
        if not absent:
            return known, {}
        for sha256, text in (await self._texts(task_id, absent)).items():
            known[sha256] = AgentResult.model_validate_json(text)
            self._keep(sha256, known[sha256])
        large = [sha256 for sha256 in absent if sha256 not in known]
        read, lost = await asyncio.to_thread(self._read, large)
        return known | read, lost

    async def _texts(self, task_id: str, hashes: Sequence[str]) -> dict[str, str]:
        async with self._database.transaction() as session:
            found = await session.execute(
                select(AgentTaskRow.result_sha256, AgentTaskRow.result).where(
                    AgentTaskRow.task_id == task_id,
                    AgentTaskRow.result_sha256.in_(hashes),
                    AgentTaskRow.result.is_not(None),
                )
            )
            return {str(row.result_sha256): str(row.result) for row in found}

    def _read(
        self, hashes: Sequence[str]
    ) -> tuple[dict[str, AgentResult], dict[str, BlobNotFound]]:
        read: dict[str, AgentResult] = {}
        lost: dict[str, BlobNotFound] = {}
        for sha256 in hashes:
            try:
                read[sha256] = AgentResult.model_validate_json(self._blobs.get(sha256))
            except BlobNotFound as error:
                lost[sha256] = error
        return read, lost

    def _keep(self, sha256: str, result: AgentResult) -> None:
        self._recent[sha256] = result
        self._recent.move_to_end(sha256)
        while len(self._recent) > RESULTS_KEPT:
            self._recent.popitem(last=False)


def _with_result(
    row: AgentTaskRow, known: Mapping[str, AgentResult], lost: Mapping[str, BlobNotFound]
) -> AgentTask:
    task = to_agent_task(row)
    if row.result_sha256 is None:
        return task
    if row.result_sha256 in lost:
        message = lost[row.result_sha256].message
        return task.model_copy(update={"status": StepStatus.FAILED, "error": message})
    return task.model_copy(update={"result": known[row.result_sha256]})


class StepFiles:
    """The `ArtifactStore` of one attempt: bytes are stored now, rows when the step finishes."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.saved: list[SavedFile] = []

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
