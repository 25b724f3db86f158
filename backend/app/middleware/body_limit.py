"""Refuse request bodies above a size, or that come too slowly, while they arrive."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Between two pieces of a body; a client on the worst of lines sends something within it.
PIECE_WAIT_S = 30.0


class BodyLimitMiddleware:
    """Answers `refuse(max_bytes)` in place of the application when the body is too large.

    A client that falls silent in the middle of a body is taken for gone.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, refuse: Callable[[int], ASGIApp]) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body is within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counter = _Counter(receive, send, self._max_bytes)
        if _declared_bytes(scope) > self._max_bytes:
            counter.is_over = True
        else:
            with suppress(_BodyTooLarge):
                await self._app(scope, counter.receive, counter.send)
        if counter.is_over and not counter.has_started:
            await self._refuse(self._max_bytes)(scope, receive, send)


class _BodyTooLarge(Exception):
    pass


class _Counter:
    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left_bytes = max_bytes
        self._is_complete = False
        self.is_over = False
        self.has_started = False

    async def receive(self) -> Message:
        message = await self._next()
        self._left_bytes -= len(message.get("body", b""))
        self._is_complete = self._is_complete or not message.get("more_body", False)
        if self._left_bytes < 0:
            self.is_over = True
            raise _BodyTooLarge
        return message

    async def _next(self) -> Message:
        # After the body the application waits here for the client to leave: that may take long.
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout(PIECE_WAIT_S):
                return await self._receive()
        except TimeoutError:
            self._is_complete = True
            return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        # What the application says about a body that broke off is not what happened.
        if self.is_over and not self.has_started:
            return
        self.has_started = True
        await self._send(message)


def _declared_bytes(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0
