"""The bounds on a request's head, over real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from app.api.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol
from app.core.config import Settings
from tests.factories.serving import Served, served_at
from tests.factories.users import KeyHolder


class Impatient(BoundedHttpProtocol):
    """The protocol, soon out of patience."""

    head_timeout_s = 0.05


START = b"GET /health/live HTTP/1.1\r\nHost: madang.test\r\n"


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Served]:
    """Return a running server."""
    async with served_at(settings, has_worker=False) as served:
        yield served


async def answer_to(server: Served, *pieces: bytes) -> bytes:
    """Send pieces and return all that comes until the server closes the connection."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


class TestHead:
    async def test_is_taken_when_it_is_short(self, server: Served) -> None:
        answer = await answer_to(server, START, b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize("start", [b"GET /", START + b"X: "])
    async def test_is_refused_when_it_goes_on_and_on(self, server: Served, start: bytes) -> None:
        answer = await answer_to(server, start, b"x" * MAX_HEAD_BYTES)
        assert answer.startswith(b"HTTP/1.1 431 ")

    async def test_is_counted_without_its_body(self, server: Served, mina: KeyHolder) -> None:
        content = b'{"goal": "' + b" " * (3 * MAX_HEAD_BYTES) + b'"}'
        async with AsyncClient(base_url=server.address, headers=mina.headers) as client:
            for _ in range(2):
                answer = await client.post(
                    "/api/v1/orchestrator/plan",
                    content=content,
                    headers={"Content-Type": "application/json"},
                )
                assert answer.json()["code"] == "goal_invalid"


class TestWaiting:
    @pytest.mark.parametrize("start", [b"", START + b"X: "])
    async def test_for_a_head_ends(self, settings: Settings, start: bytes) -> None:
        async with served_at(settings, has_worker=False, http=Impatient) as server:
            assert await answer_to(server, start) == b""

    async def test_for_a_slow_answer_does_not(self, settings: Settings, mina: KeyHolder) -> None:
        async with (
            served_at(settings, has_worker=False, http=Impatient) as server,
            AsyncClient(base_url=server.address, headers=mina.headers) as client,
        ):
            answers = [await client.get("/api/v1/me") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
