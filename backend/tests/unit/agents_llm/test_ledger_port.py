"""What crosses the port of the ledger."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.ledger_port import (
    DirectLedger,
    ModelReply,
    ModelRequest,
    Price,
    SendFault,
    SendRejected,
)


def request(**changes: object) -> ModelRequest:
    return ModelRequest(
        model="openai:any",
        operation="decompose",
        system="Plan.",
        prompt="Write a report.",
        schema_name="decompose",
        json_schema={"type": "object"},
        max_output_tokens=100,
    ).model_copy(update=changes)


def price(input_usd: str = "0.25", output_usd: str = "2") -> Price:
    return Price(
        input_usd_per_mtok=Decimal(input_usd), output_usd_per_mtok=Decimal(output_usd), source="set"
    )


class TestRequestHash:
    def test_is_equal_for_equal_requests(self) -> None:
        assert request().request_hash == request().request_hash

    def test_survives_a_trip_through_json(self) -> None:
        again = ModelRequest.model_validate_json(request().model_dump_json())
        assert again.request_hash == request().request_hash

    @pytest.mark.parametrize(
        "change",
        [
            {"prompt": "Write a deck."},
            {"system": ""},
            {"model": "openai:other"},
            {"json_schema": {"type": "array"}},
            {"max_output_tokens": 101},
            {"temperature": 0.0},
        ],
    )
    def test_differs_when_anything_differs(self, change: dict[str, object]) -> None:
        assert request(**change).request_hash != request().request_hash


class TestPrice:
    def test_is_exact(self) -> None:
        assert price().cost_usd(1000, 500) == Decimal("0.00125")

    def test_rounds_up(self) -> None:
        assert price("0.001", "0").cost_usd(1, 0) == Decimal("0.00000001")

    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
    def test_the_worst_case_is_never_below_the_cost(self, used: int, more: int, out: int) -> None:
        assert price().worst_case_usd(used + more, out) >= price().cost_usd(used, out)

    def test_survives_a_trip_through_json(self) -> None:
        assert Price.model_validate_json(price().model_dump_json()) == price()


class TestDirectLedger:
    async def test_records_reply_and_cost(self) -> None:
        ledger = DirectLedger()
        reply = ModelReply(
            text="{}",
            input_tokens=1,
            output_tokens=1,
            cost_usd=Decimal("0.01"),
            finish_reason="stop",
            model="openai:any",
        )

        async def send(key: str) -> ModelReply:
            return reply

        assert await ledger.call(request(), Decimal(1), send) is reply
        assert ledger.spent_usd == Decimal("0.01")

    async def test_a_failed_send_is_recorded_and_raised(self) -> None:
        ledger = DirectLedger()

        async def send(key: str) -> ModelReply:
            raise SendRejected("no", fault=SendFault.RATE_LIMITED)

        with pytest.raises(SendRejected):
            await ledger.call(request(), Decimal(1), send)
        assert ledger.calls[0].failure is not None
        assert ledger.spent_usd == 0

    async def test_only_a_resent_call_keeps_its_key(self) -> None:
        ledger = DirectLedger()
        keys: list[str] = []

        async def send(key: str) -> ModelReply:
            keys.append(key)
            raise SendRejected("no", fault=SendFault.RATE_LIMITED)

        for sent in (request(), request(), request(prompt="Another.")):
            with pytest.raises(SendRejected):
                await ledger.call(sent, Decimal(1), send)
        assert keys[0] == keys[1] != keys[2]
