"""A scripted model server over real HTTP, and clients of it through the real LangChain client."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.agents.ledger_port import DirectLedger
from app.agents.llm.client import ModelClient
from app.agents.llm.prices import model_price
from app.agents.llm.spec import parse_model_spec
from app.agents.llm.transport import LangChainTransport
from app.core.clock import utc_now
from app.core.config import ModelSettings
from tests.factories.scripted_server import KEY, ScriptedModelServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "bill.jsonl") as running:
        yield running


@pytest.fixture
def settings(server: ScriptedModelServer) -> ModelSettings:
    return ModelSettings(
        name="openai:scripted",
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        timeout_s=5,
        max_output_tokens=2000,
        max_sends=3,
        input_usd_per_mtok=1,
        output_usd_per_mtok=4,
    )


class Rig:
    """A client with everything a test may look at."""

    def __init__(self, settings: ModelSettings) -> None:
        self.spec = parse_model_spec(settings)
        self.ledger = DirectLedger()
        self.waits_s: list[float] = []
        self.transport = LangChainTransport(self.spec, settings)
        self.client = ModelClient(
            self.spec,
            settings,
            transport=self.transport,
            price=model_price(self.spec, settings, utc_now()),
            ledger=self.ledger,
            sleep=self._wait,
        )

    async def _wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)


RigMaker = Callable[..., Rig]


@pytest.fixture
async def make_rig(settings: ModelSettings) -> AsyncIterator[RigMaker]:
    made: list[Rig] = []

    def make(**changes: object) -> Rig:
        rig = Rig(settings.model_copy(update=changes))
        made.append(rig)
        return rig

    yield make
    for rig in made:
        await rig.transport.aclose()


@pytest.fixture
def rig(make_rig: RigMaker) -> Rig:
    return make_rig()
