"""Health of the process, and what an outage of the database does to every route."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.core.build import VERSION
from app.core.config import Settings
from app.main import create_app
from tests.factories.database_server import outage
from tests.integration.api.problem_answers import problem


@pytest.fixture
async def working(settings: Settings) -> AsyncIterator[AsyncClient]:
    """Return a client of an application that works on tasks itself."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://madang.test") as opened,
    ):
        yield opened


class TestReadHealth:
    async def test_names_version_and_parts(self, client: AsyncClient) -> None:
        answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json() == {
            "status": "ok",
            "version": VERSION,
            "parts": {"database": "ok", "worker": "off"},
        }

    def test_the_version_is_the_one_of_the_project(self, repository_root: Path) -> None:
        text = (repository_root / "backend" / "pyproject.toml").read_text(encoding="utf-8")
        assert tomllib.loads(text)["project"]["version"] == VERSION

    async def test_with_a_worker(self, working: AsyncClient) -> None:
        assert (await working.get("/health")).json()["parts"]["worker"] == "ok"

    async def test_while_the_database_is_away(self, client: AsyncClient, database_url: str) -> None:
        with outage(database_url):
            answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json()["status"] == "away"
        assert answer.json()["parts"]["database"] == "away"


class TestReadLiveness:
    async def test_while_the_database_is_away(self, client: AsyncClient, database_url: str) -> None:
        with outage(database_url):
            answer = await client.get("/health/live")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


class TestReadReadiness:
    async def test_when_all_is_well(self, client: AsyncClient) -> None:
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    async def test_while_and_after_the_database_is_away(
        self, client: AsyncClient, database_url: str
    ) -> None:
        assert (await client.get("/health/ready")).status_code == 200
        with outage(database_url):
            answer = await client.get("/health/ready")
            problem(answer, 503, "database_unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert (await client.get("/health/ready")).status_code == 200

    async def test_with_tables_of_another_version(
        self, client: AsyncClient, database_url: str
    ) -> None:
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert row is not None
        set_version(database_url, "another")
        try:
            problem(await client.get("/health/ready"), 503, "tables_outdated")
        finally:
            set_version(database_url, row[0])


class TestAnyRouteDuringAnOutage:
    @pytest.mark.parametrize("path", ["/me", "/tasks", "/files/search?q=x"])
    async def test_answers_503_and_recovers(
        self, application: FastAPI, api: AsyncClient, database_url: str, path: str
    ) -> None:
        with outage(database_url):
            answer = await api.get(f"/api/v1{path}")
            problem(answer, 503, "database_unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert (await api.get(f"/api/v1{path}")).status_code == 200


def set_version(url: str, version: str) -> None:
    """Write the version of the tables."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [version])
