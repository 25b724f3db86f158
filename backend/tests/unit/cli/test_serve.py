"""Serving: the address, and a start that fails."""

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from app.cli.errors import PortTaken
from app.cli.serve import StartWatch, listen, with_address
from app.core.postgres import DatabaseUnavailable
from tests.factories.settings import GivenSettings

Message = MutableMapping[str, Any]
LIFESPAN: Message = {"type": "lifespan"}


async def receive() -> Message:
    """Ask for a start."""
    return {"type": "lifespan.startup"}


class Sent:
    """What an application said."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        """Keep a message."""
        self.messages.append(message)


async def failing(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Fail to start, as Starlette does: a traceback in the message, and the error itself."""
    await send({"type": "lifespan.startup.failed", "message": "Traceback ..."})
    raise DatabaseUnavailable("The database cannot be reached.")


async def starting(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Start."""
    await send({"type": "lifespan.startup.complete"})


class TestStartWatch:
    async def test_keeps_the_error_and_sends_no_traceback(self) -> None:
        sent = Sent()
        watch = StartWatch(failing, lambda: None)
        with pytest.raises(DatabaseUnavailable):
            await watch(LIFESPAN, receive, sent)
        assert isinstance(watch.error, DatabaseUnavailable)
        assert sent.messages == [{"type": "lifespan.startup.failed"}]

    async def test_tells_when_it_has_started(self) -> None:
        told: list[str] = []
        watch = StartWatch(starting, lambda: told.append("started"))
        await watch(LIFESPAN, receive, Sent())
        assert told == ["started"]
        assert watch.error is None


class TestListen:
    def test_refuses_an_address_that_is_taken(self) -> None:
        with listen("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(PortTaken, match=r"Address already in use"):
                listen("127.0.0.1", port)

    def test_refuses_an_address_of_another_machine(self) -> None:
        with pytest.raises(PortTaken, match=r"192\.0\.2\.1:0"):
            listen("192.0.2.1", 0)


class TestWithAddress:
    def test_changes_only_what_is_given(self, tmp_path: Path) -> None:
        settings = GivenSettings(data_dir=tmp_path)
        changed = with_address(settings, None, 9000).server
        assert (changed.host, changed.port) == (settings.server.host, 9000)
        assert settings.server.port == 8000
