"""The files that a task made."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from app.api.deps import CurrentUser, RuntimeDep, TaskId
from app.api.downloads import NOT_MODIFIED, file_response
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.base import Frozen
from app.schemas.task import ArtifactRead
from app.services.tasks import ArtifactMissing

router = identified_router("/tasks", tag="artifacts")

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file's bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    NOT_MODIFIED: {"description": "The client's copy (`If-None-Match`) is current."},
    **problems(404),
}


class ArtifactList(Frozen):
    """A task's files in the order they were made."""

    items: tuple[ArtifactRead, ...]


FileName = Annotated[str, Path(description="The file's name, as the list gives it.")]


@router.get("/{task_id}/artifacts", response_model=ArtifactList, responses=problems(404))
async def list_artifacts(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> ArtifactList:
    """List the files that a task has made so far, with their checks."""
    task = await runtime.tasks.get(user.id, task_id)
    return ArtifactList(items=task.artifacts)


@router.get("/{task_id}/artifacts/{name}", response_class=Response, responses=RESPONSES)
async def download_artifact(
    task_id: TaskId, name: FileName, user: CurrentUser, runtime: RuntimeDep, request: Request
) -> Response:
    """Download a file. Its `ETag` is its SHA-256."""
    if not name.isprintable():
        raise ArtifactMissing("This task has no file of that name.")
    artifact, content = await runtime.tasks.artifact(user.id, task_id, name)
    return file_response(
        request,
        content,
        name=artifact.name,
        media_type=artifact.media_type,
        sha256=artifact.sha256,
    )
