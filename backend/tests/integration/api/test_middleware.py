"""What stands around every request: ids, the access line, headers, limits, the last catch."""

import gc
import re
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from fastapi import FastAPI
from httpx import AsyncClient
from starlette.requests import ClientDisconnect
from starlette.types import Message
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.core.config import ServerSettings, Settings
from app.middleware import middleware_stack
from app.middleware.crash_guard import CrashGuardMiddleware
from tests.factories.serving import served_at
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

UUID = re.compile(r"[0-9a-f-]{36}")
LIMIT = 2000
PART_START = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'


class SecretSpilled(Exception):
    """An error whose text nobody outside may see."""


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """Return what is logged."""
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield captured


@pytest.fixture
def crashing(application: FastAPI) -> FastAPI:
    """Return the application with a route that fails."""

    async def crash() -> None:
        raise SecretSpilled("md_live_0123456789ab_secret")

    application.add_api_route("/crash", crash)
    return application


def access_lines(lines: list[EventDict]) -> list[EventDict]:
    """Return the lines that tell of requests."""
    return [line for line in lines if line["event"] == "request"]


class TestOrder:
    def test_is_as_written(self) -> None:
        stack = middleware_stack(
            max_body_bytes=1, refuse_body=lambda _: never, answer_crash=lambda: never
        )
        names = [getattr(entry.cls, "__name__", "") for entry in stack]
        assert names == [
            "RequestContextMiddleware",
            "SecurityHeadersMiddleware",
            "CrashGuardMiddleware",
            "BodyLimitMiddleware",
        ]


async def never(*_: object) -> None:
    """Stand for an application that is not called."""


class TestRequestId:
    async def test_is_made_when_none_comes(self, client: AsyncClient) -> None:
        answers = [await client.get("/health/live") for _ in range(2)]
        ids = {answer.headers["X-Request-ID"] for answer in answers}
        assert len(ids) == 2
        assert all(UUID.fullmatch(id) for id in ids)

    async def test_is_kept_when_one_comes(self, client: AsyncClient) -> None:
        answer = await client.get("/nothing", headers={"X-Request-ID": "trace-7.a_b"})
        assert answer.headers["X-Request-ID"] == "trace-7.a_b"
        assert answer.json()["request_id"] == "trace-7.a_b"

    @pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", "<script>", "é"])
    async def test_is_made_when_what_comes_is_unfit(self, client: AsyncClient, given: str) -> None:
        answer = await client.get("/health/live", headers={b"X-Request-ID": given.encode()})
        assert UUID.fullmatch(answer.headers["X-Request-ID"])


class TestAccessLine:
    async def test_is_one_with_what_matters(
        self, api: AsyncClient, mina: KeyHolder, lines: list[EventDict]
    ) -> None:
        answer = await api.get("/api/v1/tasks?cursor=secret")
        (line,) = access_lines(lines)
        assert line["method"] == "GET"
        assert line["path"] == "/api/v1/tasks"
        assert line["status"] == 422
        assert line["size_bytes"] == len(answer.content)
        assert line["request_id"] == answer.headers["X-Request-ID"]
        assert line["user_id"] == mina.user.id
        assert "secret" not in str(lines)
        assert mina.key not in str(lines)

    async def test_is_quiet_for_supervisors(
        self, client: AsyncClient, lines: list[EventDict]
    ) -> None:
        await client.get("/health/live")
        await client.get("/health")
        levels = {line["path"]: line["log_level"] for line in access_lines(lines)}
        assert levels == {"/health/live": "debug", "/health": "info"}


class TestSecurityHeaders:
    @pytest.mark.parametrize("path", ["/health", "/nothing", "/api/v1/me", "/crash"])
    async def test_are_on_every_answer(
        self, crashing: FastAPI, client: AsyncClient, path: str
    ) -> None:
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


class TestCrash:
    async def test_tells_the_client_only_its_id(
        self, crashing: FastAPI, client: AsyncClient, lines: list[EventDict]
    ) -> None:
        answer = await client.get("/crash")
        problem(answer, 500, "internal_error")
        assert "md_live" not in answer.text
        assert "SecretSpilled" not in answer.text
        (crash,) = [line for line in lines if line["event"] == "request_crashed"]
        assert crash["request_id"] == answer.headers["X-Request-ID"]
        assert crash["exc_info"]
        assert [line["status"] for line in access_lines(lines)] == [500]

    async def test_leaves_the_application_working(
        self, crashing: FastAPI, client: AsyncClient
    ) -> None:
        await client.get("/crash")
        assert (await client.get("/health/live")).status_code == 200


class TestClientThatLeaves:
    async def test_is_no_crash(self, lines: list[EventDict]) -> None:
        async def read_a_body(*_: object) -> None:
            raise ClientDisconnect

        guard = CrashGuardMiddleware(read_a_body, answer=lambda: never)
        await guard({"type": "http"}, gone, never)
        assert [line["event"] for line in lines] == ["client_left"]


async def gone() -> Message:
    """Stand for a client that is not there any more."""
    return {"type": "http.disconnect"}


class TestBodyLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Return settings with a small limit."""
        return settings.model_copy(update={"server": ServerSettings(max_body_bytes=LIMIT)})

    async def test_refuses_by_the_declared_length(self, api: AsyncClient) -> None:
        answer = await api.post("/api/v1/orchestrator/plan", json={"goal": "x" * LIMIT})
        document = problem(answer, 413, "request_too_large")
        assert document["facts"] == {"limit_bytes": LIMIT}

    async def test_lets_pass_what_is_within(self, api: AsyncClient) -> None:
        answer = await api.post("/api/v1/orchestrator/plan", json={"goal": " " * (LIMIT - 20)})
        problem(answer, 422, "goal_invalid")

    # Starlette leaves the half-read part's temporary file to the garbage collector.
    @pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
    @pytest.mark.parametrize(
        ("path", "content_type", "start"),
        [
            ("/orchestrator/plan", "application/json", b'{"goal": "'),
            ("/files", "multipart/form-data; boundary=b", PART_START),
        ],
    )
    async def test_counts_what_declares_no_length(
        self, settings: Settings, mina: KeyHolder, path: str, content_type: str, start: bytes
    ) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield start
            for _ in range(100):
                yield b"x" * 100

        async with (
            served_at(settings, has_worker=False) as server,
            AsyncClient(base_url=server.address, headers=mina.headers) as client,
        ):
            answer = await client.post(
                f"/api/v1{path}", content=pieces(), headers={"Content-Type": content_type}
            )
        gc.collect()
        problem(answer, 413, "request_too_large")

    async def test_says_so_even_where_a_broken_body_would_be_refused_otherwise(
        self, api: AsyncClient
    ) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"no json at all"
            yield b"x" * LIMIT

        answer = await api.post(
            "/api/v1/orchestrator/plan",
            content=pieces(),
            headers={"Content-Type": "application/json"},
        )
        problem(answer, 413, "request_too_large")
