"""The real parts under test: PostgreSQL built by the migrations, the runtime, the application.

Each pytest process (each pytest-xdist worker) runs a server of its own. Commits are real, since
the engine needs them; before each test that uses the database every table is emptied.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.core.config import DatabaseSettings, Environment, Settings
from app.core.database import Database, open_engine
from app.main import create_app
from app.runtime import Runtime, open_runtime
from tests.factories.database_server import database_server, empty_tables
from tests.factories.serving import served_at
from tests.factories.settings import GivenSettings


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Return the URL of this process's database; use `database_url` in tests."""
    with database_server() as url:
        yield url


@pytest.fixture
def database_url(server_url: str) -> str:
    """Return the URL of a database whose tables are all empty."""
    empty_tables(server_url)
    return server_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Return the database, its tables empty."""
    opened = Database(open_engine(database_url, DatabaseSettings(pool_size=5)))
    yield opened
    await opened.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return settings for this test: its database, its folder, nothing of the environment."""
    return GivenSettings(
        environment=Environment.TEST,
        data_dir=tmp_path / "data",
        database=DatabaseSettings(url=SecretStr(database_url), pool_size=5),
    )


@pytest.fixture
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Return the open runtime, without a worker; `runtime.start_worker()` starts one."""
    async with open_runtime(settings) as opened:
        yield opened


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[FastAPI]:
    """Return the application, its runtime open, without a worker."""
    app = create_app(settings, has_worker=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(application: FastAPI) -> AsyncIterator[AsyncClient]:
    """Return an anonymous client of `application`, without a network between."""
    transport = ASGITransport(application)
    async with AsyncClient(transport=transport, base_url="http://madang.test") as opened:
        yield opened


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[str]:
    """Return the address of the application on a real port, with a worker."""
    async with served_at(settings) as server:
        yield server.address
