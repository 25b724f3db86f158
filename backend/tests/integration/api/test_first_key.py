"""An embedded installation shows its owner one key, once, and keeps it out of the log."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from httpx import ASGITransport, AsyncClient
from structlog.testing import capture_logs

from app.core.config import Environment, Settings
from app.main import create_app
from app.services.accounts import API_KEY_START
from tests.factories.database_server import remove_data_folder
from tests.factories.settings import GivenSettings


@pytest.fixture
def embedded() -> Iterator[Settings]:
    """Return settings without a database of their own, in a folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="mdt-", dir="/tmp"))
    yield GivenSettings(environment=Environment.TEST, data_dir=folder)
    remove_data_folder(folder)
    shutil.rmtree(folder, ignore_errors=True)


class TestFirstStart:
    async def test_shows_a_key_that_holds_once_and_never_logs_it(
        self, embedded: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        processors = [structlog.contextvars.merge_contextvars]
        with capture_logs(processors=processors) as lines:
            shown = await self.start(embedded, capsys)
            (key,) = [word for word in shown.split() if word.startswith(API_KEY_START)]
            owner = await self.owner_of(embedded, key)
            assert API_KEY_START not in await self.start(embedded, capsys)
        assert owner["is_local_owner"] is True
        assert key not in str(lines)

    async def start(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
        """Start and stop the application; return what it wrote to standard error."""
        app = create_app(settings, has_worker=False)
        async with app.router.lifespan_context(app):
            pass
        return capsys.readouterr().err

    async def owner_of(self, settings: Settings, key: str) -> dict[str, object]:
        """Return who the key belongs to."""
        app = create_app(settings, has_worker=False)
        transport = ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://madang.test") as client,
        ):
            answer = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
        found: dict[str, object] = answer.json()
        return found


class TestStartWithAServerOfOnesOwn:
    async def test_makes_no_owner_and_shows_no_key(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        app = create_app(settings, has_worker=False)
        async with app.router.lifespan_context(app):
            pass
        assert API_KEY_START not in capsys.readouterr().err
