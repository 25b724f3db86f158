"""The real parts under test: PostgreSQL built by the migrations, the runtime, the application.

Each pytest process (each pytest-xdist worker) runs a server of its own. Commits are real, since
the engine needs them; before each test that uses the database every table is emptied.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from app.core.config import DatabaseSettings, Environment, Settings
from app.core.database import Database, open_engine
from tests.factories.database_server import database_server, empty_tables
from tests.factories.settings import GivenSettings

if TYPE_CHECKING:
    from app.runtime import Runtime


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
    async with importlib.import_module("app.runtime").open_runtime(settings) as opened:
        yield opened
