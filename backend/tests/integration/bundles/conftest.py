"""A runtime with a worker and the built-in composer, and one with a scripted model."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.config import ModelSettings, Settings
from app.runtime import Runtime, open_runtime
from tests.factories.scripted_server import KEY, ScriptedModelServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    """Return a scripted model server; `with` may be left early by stopping it."""
    with ScriptedModelServer(tmp_path / "bill.jsonl") as running:
        yield running


@pytest.fixture
def model_settings(settings: Settings, server: ScriptedModelServer) -> Settings:
    """Return settings whose model is the scripted one, with an answer length of their own."""
    model = ModelSettings(
        name="openai:scripted",
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        timeout_s=5,
        max_output_tokens=3000,
        input_usd_per_mtok=1,
        output_usd_per_mtok=4,
    )
    return settings.model_copy(update={"model": model})


@pytest.fixture
async def working(runtime: Runtime) -> Runtime:
    """Return the runtime with a worker and the built-in composer."""
    runtime.start_worker()
    return runtime


@pytest.fixture
async def modelled(model_settings: Settings) -> AsyncIterator[Runtime]:
    """Return a runtime with a worker and the scripted model."""
    async with open_runtime(model_settings) as opened:
        opened.start_worker()
        yield opened
