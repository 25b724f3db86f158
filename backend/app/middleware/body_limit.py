"""Refuse request bodies above a size, by their declared length or by counting what arrives."""

from collections.abc import Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimitMiddleware:
    """Answers `refuse(max_bytes)` in place of the application when the body is too large."""

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
        self.is_over = False
        self.has_started = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            self.is_over = True
            raise _BodyTooLarge
        return message

    async def send(self, message: Message) -> None:
        # What the application says about a body that broke off is not what happened.
        if self.is_over and not self.has_started:
            return
        self.has_started = True
        await self._send(message)


def _declared_bytes(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0
