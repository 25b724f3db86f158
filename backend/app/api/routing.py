"""Routes that need an identity. It is checked before a byte of the body is read."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request, params
from fastapi.routing import APIRoute
from starlette.responses import Response

from app.api.identity import authenticate, bearer
from app.api.problems import problems
from app.api.refusals import MediaTypeUnsupported
from app.api.strict_json import StrictRequest

MULTIPART = "multipart/form-data"
JSON = "application/json"


class IdentifiedRoute(APIRoute):
    """A route that only a known user reaches, with a body of the one type that it takes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler: identity, then the body's type, then the route itself."""
        handle = super().get_route_handler()
        body_type = self._body_type()

        async def identified(request: Request) -> Response:
            user = await authenticate(request)
            request.state.user = user
            structlog.contextvars.bind_contextvars(user_id=user.id)
            strict = StrictRequest(request.scope, request.receive)
            if body_type is not None and _has_body(request):
                require_media_type(request.headers.get("content-type", ""), body_type)
            if body_type == JSON:
                await strict.read_json()
            return await handle(strict)

        return identified

    def _body_type(self) -> str | None:
        if self.body_field is None:
            return None
        return MULTIPART if isinstance(self.body_field.field_info, params.Form) else JSON


def identified_router(prefix: str, *, tag: str) -> APIRouter:
    """Return a router below /api/v1 whose routes all need an identity."""
    return APIRouter(
        prefix=f"/api/v1{prefix}",
        tags=[tag],
        route_class=IdentifiedRoute,
        dependencies=[Depends(bearer)],
        responses=problems(401, 503),
    )


def require_media_type(given: str, needed: str) -> None:
    """Raise `MediaTypeUnsupported` unless a body of type `given` can be read as `needed`."""
    name = given.partition(";")[0].strip().lower()
    is_json = name == JSON or (name.startswith("application/") and name.endswith("+json"))
    if not (is_json if needed == JSON else name == needed):
        raise MediaTypeUnsupported(
            f"This route takes its body as {needed}; set the Content-Type header to it."
        )


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers
