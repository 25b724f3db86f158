"""A task as one file that can be replayed elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO, Any

from fastapi.responses import StreamingResponse

from app.api.deps import CurrentUser, RuntimeDep, TaskId
from app.api.downloads import content_disposition
from app.api.problems import problems
from app.api.routing import identified_router

router = identified_router("/tasks", tag="tasks")

ZIP = "application/zip"
CHUNK_BYTES = 262_144
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bundle's bytes; the same task gives the same bytes.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    },
    **problems(404, 409),
}


@router.get("/{task_id}/bundle", response_class=StreamingResponse, responses=RESPONSES)
async def export_task(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> StreamingResponse:
    """Download an ended task whole: plan, sources, prompts, replies, prices, events, files.

    `madang replay` runs it again from the bundle alone.
    """
    bundle = await runtime.bundles.export(user.id, task_id)
    headers = {
        "Content-Disposition": content_disposition(f"madang-{task_id}.zip"),
        "Content-Length": str(bundle.size_bytes),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_chunks(bundle.file), media_type=ZIP, headers=headers)


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
    finally:
        file.close()
