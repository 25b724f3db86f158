"""A client whose model's answers are given by the test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from app.agents.ledger_port import DirectLedger, ModelRequest
from app.agents.llm import ModelClient, model_price, parse_model_spec
from app.core.clock import utc_now
from app.core.config import ModelSettings


@dataclass(slots=True)
class CannedReply:
    """A complete reply."""

    text: str
    input_tokens: int | None = 10
    output_tokens: int | None = 10
    finish_reason: str | None = "stop"


class CannedTransport:
    """Stands for the provider: gives the same answer to every request."""

    def __init__(self, answer: Mapping[str, object]) -> None:
        self.answer = json.dumps(answer)
        self.requests: list[ModelRequest] = []

    async def send(self, request: ModelRequest, idempotency_key: str) -> CannedReply:
        self.requests.append(request)
        return CannedReply(self.answer)

    def adapt(self, refusal: str) -> bool:
        return False


ClientMaker = Callable[[Mapping[str, object]], ModelClient]


@pytest.fixture
def client_answering() -> ClientMaker:
    return canned_client


def canned_client(answer: Mapping[str, object]) -> ModelClient:
    """Return a client whose model always gives this answer."""
    settings = ModelSettings(name="ollama:canned")
    spec = parse_model_spec(settings)
    return ModelClient(
        spec,
        settings,
        transport=CannedTransport(answer),
        price=model_price(spec, settings, utc_now()),
        ledger=DirectLedger(),
    )
