"""The runtime over an embedded server: it starts the server again that was killed."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import Environment
from app.core.postgres import DatabaseUnavailable
from app.core.postgres.account import prepare_home
from app.runtime import Runtime, open_runtime
from tests.factories.database_server import remove_data_folder
from tests.factories.settings import GivenSettings

LOOKS = 300


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mdr-", dir="/tmp"))
    yield made
    remove_data_folder(made)


async def is_served(runtime: Runtime) -> bool:
    try:
        await runtime.tasks.page("00000000-0000-0000-0000-000000000000", limit=1)
    except DatabaseUnavailable:
        return False
    return True


class TestEmbeddedServer:
    async def test_that_was_killed_is_started_again(self, folder: Path) -> None:
        settings = GivenSettings(environment=Environment.TEST, data_dir=folder)
        async with open_runtime(settings) as runtime:
            assert await is_served(runtime)
            pid_file = prepare_home(folder).cluster_dir / "postmaster.pid"
            os.kill(int(pid_file.read_text().split("\n", 1)[0]), signal.SIGKILL)
            for _ in range(LOOKS):
                await asyncio.sleep(0.1)
                if await is_served(runtime):
                    break
            assert await is_served(runtime)
