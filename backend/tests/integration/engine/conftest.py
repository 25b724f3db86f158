"""An engine on the test's database."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from app.core.blobs import BlobStore
from app.core.config import EngineSettings, Settings
from app.core.database import Database, psycopg_url
from app.engine import LedgerDesk
from tests.factories.engine import OpenEngine, open_engine_harness


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    """Return an empty blob store."""
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def database_url(settings: Settings) -> str:
    """Return the URL of the test's database."""
    assert settings.database.url is not None
    return settings.database.url.get_secret_value()


@pytest.fixture
def open_engine(database: Database, database_url: str, blobs: BlobStore) -> OpenEngine:
    """Return what opens an engine on the test's database."""
    return partial(open_engine_harness, database, database_url, blobs)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[LedgerDesk]:
    """Return an open desk."""
    async with LedgerDesk(psycopg_url(database_url)) as opened:
        yield opened


@pytest.fixture
def engine_settings() -> EngineSettings:
    """Return settings under which nothing waits long."""
    return EngineSettings(
        concurrency=8, lease_s=30, max_attempts=3, first_backoff_s=0.01, shutdown_grace_s=0.2
    )
