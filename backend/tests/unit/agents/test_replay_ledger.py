"""The ledger of a replay gives what was recorded, in order, and never sends."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.agents.ledger_port import ModelReply, ModelRequest, SendFault, SendRejected
from app.agents.replay_ledger import BundleIncomplete, RecordedSend, ReplyTape

RESERVE_USD = Decimal(1)


def request(prompt: str) -> ModelRequest:
    """Return a request."""
    return ModelRequest(
        model="openai:scripted",
        operation="research",
        system="",
        prompt=prompt,
        schema_name="research",
        json_schema={},
        max_output_tokens=100,
    )


def sent(
    prompt: str, seq: int, answer: str | None, *, status: str = "done", step_key: str = "s"
) -> RecordedSend:
    """Return a recorded send."""
    reply = None
    if answer is not None:
        reply = ModelReply(
            text=answer,
            input_tokens=1,
            output_tokens=1,
            cost_usd=Decimal(1),
            finish_reason="stop",
            model="openai:scripted",
        )
    return RecordedSend(
        step_key=step_key,
        seq=seq,
        request_hash=request(prompt).request_hash,
        status=status,
        reply=reply,
        error=None if reply else "too long",
    )


async def never(idempotency_key: str) -> ModelReply:
    """Fail: nothing may be sent."""
    raise AssertionError(idempotency_key)


async def ask(tape: ReplyTape, prompt: str, step_key: str = "s") -> str:
    """Return the text of the reply."""
    return (await tape.ledger(step_key).call(request(prompt), RESERVE_USD, never)).text


class TestReplayLedger:
    async def test_gives_equal_requests_their_replies_in_order(self) -> None:
        tape = ReplyTape([sent("a", 1, "one"), sent("b", 2, "two"), sent("a", 3, "three")])
        assert [await ask(tape, p) for p in "aab"] == ["one", "three", "two"]
        assert tape.replayed == 3

    async def test_uses_the_first_of_two_replies_to_one_call(self) -> None:
        tape = ReplyTape([sent("a", 1, "first"), sent("a", 1, "late")])
        assert await ask(tape, "a") == "first"
        with pytest.raises(BundleIncomplete):
            await ask(tape, "a")

    async def test_skips_sends_without_a_reply(self) -> None:
        tape = ReplyTape([sent("a", 1, None, status="unknown"), sent("a", 1, "one")])
        assert await ask(tape, "a") == "one"

    async def test_refuses_again_what_was_too_long(self) -> None:
        tape = ReplyTape([sent("a", 1, None, status="rejected"), sent("b", 2, "half")])
        with pytest.raises(SendRejected) as caught:
            await ask(tape, "a")
        assert caught.value.fault is SendFault.CONTEXT_TOO_LONG
        assert await ask(tape, "b") == "half"

    @pytest.mark.parametrize(("prompt", "step_key"), [("b", "s"), ("a", "other")])
    async def test_refuses_what_was_not_asked(self, prompt: str, step_key: str) -> None:
        tape = ReplyTape([sent("a", 1, "one")])
        with pytest.raises(BundleIncomplete):
            await ask(tape, prompt, step_key)
        assert tape.absent == [f"{step_key}: research"]


class TestFallback:
    async def test_is_told_by_whichever_model_answered_in_the_order_of_the_calls(self) -> None:
        chain = ("openai:scripted", "other:second")
        asked = request("a").model_copy(update={"chain": chain})
        hash_of_second = asked.asked_of("other:second").request_hash
        by_second = replace(sent("a", 1, "by the second"), request_hash=hash_of_second)
        tape = ReplyTape(
            [sent("a", 1, None, status="rejected"), by_second, sent("a", 2, "by the first")]
        )
        ledger = tape.ledger("s")
        texts = [(await ledger.call(asked, RESERVE_USD, never)).text for _ in range(2)]
        assert texts == ["by the second", "by the first"]
        assert tape.replayed == 2
