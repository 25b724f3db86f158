"""Give each request an id, bind it to the log, and write one line when it is over."""

import re

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clock import monotonic_s
from app.core.ids import new_id
from app.core.logging import get_logger

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked every few seconds by supervisors; worth a line only when the log is verbose.
QUIET_PATHS = frozenset({"/health/live", "/health/ready"})

log = get_logger(__name__)


class RequestContextMiddleware:
    """The id comes in by `X-Request-ID` when it is well-formed, and always goes out by it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else new_id()
        responder = _Responder(scope, send, request_id)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, responder.send)
        finally:
            responder.write_line()
            structlog.contextvars.clear_contextvars()


class _Responder:
    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self._began_s = monotonic_s()
        self._status: int | None = None
        self._size_bytes = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._request_id
        elif message["type"] == "http.response.body":
            self._size_bytes += len(message.get("body", b""))
        await self._send(message)

    def write_line(self) -> None:
        path = self._scope["path"]
        # Never the query: it holds what users search for.
        write = log.debug if path in QUIET_PATHS else log.info
        write(
            "request",
            method=self._scope["method"],
            path=path,
            status=self._status,
            size_bytes=self._size_bytes,
            duration_ms=round((monotonic_s() - self._began_s) * 1000, 1),
        )
