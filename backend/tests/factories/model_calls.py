"""Requests and sends of paid calls."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from app.agents.ledger_port import ModelReply, ModelRequest

Send = Callable[[str], Awaitable[ModelReply]]


def make_request(prompt: str = "hello") -> ModelRequest:
    """Return a request."""
    return ModelRequest(
        model="openai:test",
        operation="research",
        system="",
        prompt=prompt,
        schema_name="answer",
        json_schema={},
        max_output_tokens=100,
    )


def make_reply(text: str = "hi", *, cost_usd: str = "0.01") -> ModelReply:
    """Return a reply that cost `cost_usd`."""
    return ModelReply(
        text=text,
        input_tokens=10,
        output_tokens=5,
        cost_usd=Decimal(cost_usd),
        finish_reason="stop",
        model="openai:test",
    )


class Sender:
    """A send that counts how often it was asked, and answers or raises."""

    def __init__(self, outcome: ModelReply | BaseException | None = None) -> None:
        self.outcome = outcome or make_reply()
        self.keys: list[str] = []

    async def __call__(self, idempotency_key: str) -> ModelReply:
        """Answer or raise."""
        self.keys.append(idempotency_key)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome
