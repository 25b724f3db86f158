"""What endpoints ask for by type."""

from typing import Annotated, cast

from fastapi import Depends, Path, Request
from pydantic import AfterValidator

from app.api.identity import runtime_of
from app.core.errors import NotFound
from app.models import User
from app.runtime import Runtime
from app.schemas.orchestrator import canonical_id
from app.services.files import FileMissing
from app.services.tasks import TaskMissing


def _current_user(request: Request) -> User:
    # Set by `IdentifiedRoute`; on any other route this is a defect, and fails loudly.
    return cast("User", request.state.user)


def _known_task(value: str) -> str:
    return _id_or(value, TaskMissing("There is no such task among yours; ids are UUIDs."))


def _known_file(value: str) -> str:
    return _id_or(value, FileMissing("There is no such file among yours; ids are UUIDs."))


def _id_or(value: str, missing: NotFound) -> str:
    try:
        return canonical_id(value)
    except ValueError:
        raise missing from None


RuntimeDep = Annotated[Runtime, Depends(runtime_of)]
CurrentUser = Annotated[User, Depends(_current_user)]
# What is no id names nothing: 404, as for an unknown one.
TaskId = Annotated[str, Path(description="The task's id."), AfterValidator(_known_task)]
FileId = Annotated[str, Path(description="The file's id."), AfterValidator(_known_file)]
