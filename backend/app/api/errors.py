"""From errors to HTTP: the only place that knows status numbers and problem documents (RFC 9457).

Every error goes out as `application/problem+json` with its stable code. What was not foreseen
goes out as 500 with nothing but the request's id; the log has the rest under that id.
"""

from collections.abc import Mapping
from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from app.api.allowed_methods import allowed_methods
from app.api.refusals import (
    MediaTypeUnsupported,
    MethodForbidden,
    RequestInvalid,
    RequestTooLarge,
    RequestUnreadable,
    RouteMissing,
)
from app.api.validation import request_invalid
from app.core.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    Limited,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from app.schemas.problem import Problem

STATUS_BY_CATEGORY: dict[type[AppError], int] = {
    Invalid: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Limited: 429,
    Unavailable: 503,
}
# Where HTTP has a finer word than the category's.
STATUS_BY_CODE = {
    RequestUnreadable.code: 400,
    MethodForbidden.code: 405,
    RequestTooLarge.code: 413,
    MediaTypeUnsupported.code: 415,
}
CRASH_STATUS = 500
CRASH_CODE = "internal_error"
RETRY_AFTER_S = 5
MEDIA_TYPE = "application/problem+json"
TYPE_START = "urn:madang:error:"


def status_of(error: AppError) -> int:
    """Return the HTTP status of an error."""
    category = next(kind for kind in STATUS_BY_CATEGORY if isinstance(error, kind))
    return STATUS_BY_CODE.get(error.code, STATUS_BY_CATEGORY[category])


def problem_response(error: AppError, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer for an error."""
    problem = Problem(
        type=TYPE_START + error.code,
        title=_title(error.code),
        status=status_of(error),
        detail=error.message,
        code=error.code,
        request_id=_request_id(),
        facts=dict(error.facts) or None,
        errors=error.errors if isinstance(error, RequestInvalid) else None,
    )
    return _answer(problem, {**_headers_of(error), **(headers or {})})


def crash_response() -> Response:
    """Return the answer for what was not foreseen."""
    return _answer(
        Problem(
            type=TYPE_START + CRASH_CODE,
            title=_title(CRASH_CODE),
            status=CRASH_STATUS,
            detail="Something went wrong here; the server's log has the details under this "
            "request's id.",
            code=CRASH_CODE,
            request_id=_request_id(),
        ),
        {},
    )


def body_refusal(limit_bytes: int) -> Response:
    """Return the answer for a body above the server's limit."""
    message = (
        f"The body has more than {limit_bytes:,} bytes; send less at once, or raise "
        "MADANG_SERVER__MAX_BODY_BYTES."
    )
    return problem_response(RequestTooLarge(message, limit_bytes=limit_bytes))


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)


async def _on_app_error(_: Request, error: Exception) -> Response:
    return problem_response(cast("AppError", error))


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    return problem_response(request_invalid(cast("RequestValidationError", error).errors()))


async def _on_http_error(request: Request, error: Exception) -> Response:
    status, detail = cast("HTTPException", error).status_code, cast("HTTPException", error).detail
    if status == STATUS_BY_CATEGORY[NotFound]:
        return problem_response(
            RouteMissing("There is no such path; /openapi.json lists all of them.")
        )
    if status == STATUS_BY_CODE[MethodForbidden.code]:
        return _method_forbidden(request.scope)
    return problem_response(
        RequestUnreadable(f"The body cannot be read ({detail.rstrip('.')}); mend it and try again.")
    )


def _method_forbidden(scope: Scope) -> Response:
    allowed = allowed_methods(scope)
    words = " and ".join(allowed)
    error = MethodForbidden(f"This path takes {words}, not {scope['method'][:20]}.")
    return problem_response(error, {"Allow": ", ".join(allowed)})


def _headers_of(error: AppError) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="madang"'}
    if isinstance(error, Unavailable):
        asked_s = getattr(error, "retry_after_s", RETRY_AFTER_S)
        return {"Retry-After": str(max(1, round(asked_s)))}
    return {}


def _answer(problem: Problem, headers: Mapping[str, str]) -> Response:
    return JSONResponse(
        problem.model_dump(mode="json", exclude_none=True),
        status_code=problem.status,
        headers=dict(headers),
        media_type=MEDIA_TYPE,
    )


def _title(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _request_id() -> str | None:
    found = structlog.contextvars.get_contextvars().get("request_id")
    return str(found) if found is not None else None
