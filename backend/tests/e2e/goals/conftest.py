"""One runtime with a worker for all goals of a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from app.core.config import DatabaseSettings, Environment
from app.runtime import open_runtime
from tests.e2e.goals.goal_run import GoalRunner
from tests.factories.database_server import database_server
from tests.factories.settings import GivenSettings
from tests.factories.users import make_key_holder


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def goals(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GoalRunner]:
    """Return what runs goals."""
    folder: Path = tmp_path_factory.mktemp("goals")
    with database_server() as url:
        settings = GivenSettings(
            environment=Environment.TEST,
            data_dir=folder,
            database=DatabaseSettings(url=SecretStr(url), pool_size=5),
        )
        async with open_runtime(settings) as runtime:
            holder = await make_key_holder(runtime.database)
            runtime.start_worker()
            yield GoalRunner(runtime, holder.user.id)
