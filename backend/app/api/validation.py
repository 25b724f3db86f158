"""Validation errors in words for the sender; a refused value is never repeated."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.api.refusals import RequestInvalid
from app.schemas.problem import FieldProblem

MAX_SHOWN = 20
MAX_POINTER = 200
LOCATIONS = frozenset({"body", "query", "path", "header", "cookie"})


def request_invalid(errors: Sequence[Mapping[str, Any]]) -> RequestInvalid:
    """Return the error for what FastAPI and pydantic found wrong."""
    return RequestInvalid([_field_problem(error) for error in errors[:MAX_SHOWN]])


def body_problem(pointer: str, message: str) -> RequestInvalid:
    """Return the error for one wrong part of the body."""
    return RequestInvalid(
        [FieldProblem(location="body", pointer=pointer[:MAX_POINTER], message=message)]
    )


def json_pointer(parts: Sequence[str | int]) -> str:
    """Return the pointer (RFC 6901) to a part of a JSON text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    where = list(error["loc"])
    location = where.pop(0) if where and where[0] in LOCATIONS else "body"
    return FieldProblem(
        location=str(location),
        pointer=json_pointer(where)[:MAX_POINTER],
        message=str(error["msg"]).removeprefix("Value error, "),
    )
