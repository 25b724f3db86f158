"""The model client against a server that fails in every way a server can."""

import asyncio
import socket

import pytest
from pydantic import Field, SecretStr

from app.agents.errors import (
    ModelAnswerInvalid,
    ModelKeyRefused,
    ModelRefused,
    ModelUnavailable,
    RetryTask,
    TaskFailed,
)
from app.agents.ledger_port import SendFault, SendRejected, SendUncertain
from app.agents.llm.client import Order
from app.agents.llm.wire import Answer
from tests.factories.scripted_behaviour import Act, Behaviour, Pace
from tests.factories.scripted_server import ScriptedModelServer
from tests.integration.agents_llm.conftest import Rig, RigMaker


class Capital(Answer):
    city: str = Field(max_length=80)
    sights: tuple[str, ...] = Field(max_length=5)


def order(prompt: str = "Which city is the capital of Korea?") -> Order[Capital]:
    return Order(
        operation="capital", system="Answer briefly.", prompt=lambda share: prompt, answer=Capital
    )


class TestAsk:
    async def test_returns_the_checked_answer(self, rig: Rig) -> None:
        answer = await rig.client.ask(order())
        assert answer.city

    async def test_sends_schema_bound_and_key_in_a_stream(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        await rig.client.ask(order())
        ((key, body),) = server.requests
        assert key == rig.ledger.calls[0].idempotency_key
        assert body["stream"] is True
        assert body["stream_options"] == {"include_usage": True}
        assert body["max_tokens"] == 2000
        assert body["response_format"]["json_schema"]["strict"] is True

    async def test_costs_what_the_server_billed(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        await rig.client.ask(order())
        assert rig.ledger.spent_usd == server.bill.total_usd > 0

    async def test_reserves_at_least_what_it_costs(self, rig: Rig) -> None:
        await rig.client.ask(order("서울의 인구는 얼마인가?"))
        (call,) = rig.ledger.calls
        assert call.reply is not None
        assert call.reserve_usd >= call.reply.cost_usd

    async def test_counts_the_bound_when_no_usage_is_reported(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.queue(Act.NO_USAGE)
        await rig.client.ask(order())
        assert rig.ledger.spent_usd >= server.bill.total_usd


class TestAskWhenTheServerIsBusy:
    async def test_waits_as_long_as_it_is_told(self, rig: Rig, server: ScriptedModelServer) -> None:
        server.queue(Behaviour(act=Act.RATE_LIMITED, retry_after_s=7))
        assert (await rig.client.ask(order())).city
        assert rig.waits_s == [7]
        assert len(server.bill.read()) == 1

    async def test_backs_off_longer_each_time(self, rig: Rig, server: ScriptedModelServer) -> None:
        server.queue(Act.SERVER_ERROR, Act.RATE_LIMITED)
        await rig.client.ask(order())
        first, second = rig.waits_s
        assert 1 <= first <= 1.5
        assert 2 <= second <= 3

    async def test_each_send_is_a_call_of_the_ledger_with_the_same_key(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.queue(Act.SERVER_ERROR)
        await rig.client.ask(order())
        failed, done = rig.ledger.calls
        assert isinstance(failed.failure, SendRejected)
        assert failed.failure.fault is SendFault.SERVER_ERROR
        assert failed.idempotency_key == done.idempotency_key
        assert [key for key, _ in server.requests] == [done.idempotency_key] * 2

    async def test_gives_the_step_back_for_a_long_wait(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.queue(Behaviour(act=Act.RATE_LIMITED, retry_after_s=300))
        with pytest.raises(RetryTask) as caught:
            await rig.client.ask(order())
        assert caught.value.retry_after_s == 300

    async def test_gives_up_after_max_sends(self, rig: Rig, server: ScriptedModelServer) -> None:
        server.always(Act.SERVER_ERROR)
        with pytest.raises(ModelUnavailable, match="tries: 3"):
            await rig.client.ask(order())
        assert len(server.requests) == 3

    async def test_does_not_try_again_without_credit(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.always(Act.NO_CREDIT)
        with pytest.raises(ModelUnavailable, match="no credit"):
            await rig.client.ask(order())
        assert len(server.requests) == 1


class TestAskWhenTheAnswerBreaksOff:
    @pytest.mark.parametrize("act", [Act.CUT, Act.END_EARLY])
    async def test_counts_the_send_as_uncertain_and_tries_again(
        self, rig: Rig, server: ScriptedModelServer, act: Act
    ) -> None:
        server.queue(act)
        assert (await rig.client.ask(order())).city
        failure = rig.ledger.calls[0].failure
        assert isinstance(failure, SendUncertain)
        assert failure.fault is SendFault.STREAM_CUT
        assert len(server.bill.read()) == 2

    async def test_a_hang_ends_at_the_time_limit(
        self, make_rig: RigMaker, server: ScriptedModelServer
    ) -> None:
        rig = make_rig(timeout_s=0.3)
        server.queue(Act.HANG)
        assert (await rig.client.ask(order())).city
        failure = rig.ledger.calls[0].failure
        assert isinstance(failure, SendUncertain)
        assert failure.fault is SendFault.TIMEOUT

    async def test_a_slow_stream_ends_at_the_time_limit(
        self, make_rig: RigMaker, server: ScriptedModelServer
    ) -> None:
        rig = make_rig(timeout_s=0.3, max_sends=1)
        server.pace = Pace(piece_delay_s=0.2)
        with pytest.raises(ModelUnavailable, match="did not answer in time"):
            await rig.client.ask(order())

    async def test_cancelling_closes_the_stream_at_the_server(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.pace = Pace(piece_delay_s=0.1)
        asking = asyncio.ensure_future(rig.client.ask(order("word " * 400)))
        await asyncio.to_thread(server.answering.wait, 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(server.stream_broken.wait, 5)

    async def test_nobody_listening_is_a_rejected_send(self, make_rig: RigMaker) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            rig = make_rig(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1", max_sends=2)
            with pytest.raises(ModelUnavailable, match="cannot be reached"):
                await rig.client.ask(order())
        assert all(isinstance(c.failure, SendRejected) for c in rig.ledger.calls)


class TestAskWhenRefused:
    async def test_a_wrong_key_says_which_variable_to_set(self, make_rig: RigMaker) -> None:
        rig = make_rig(api_key=SecretStr("wrong"))
        with pytest.raises(ModelKeyRefused, match="set OPENAI_API_KEY or MADANG_MODEL__API_KEY"):
            await rig.client.ask(order())
        assert len(rig.ledger.calls) == 1

    async def test_an_unknown_model_is_named(self, make_rig: RigMaker) -> None:
        rig = make_rig(name="openai:absent")
        with pytest.raises(ModelRefused, match="'absent'"):
            await rig.client.ask(order())

    async def test_a_server_without_schemas_gets_it_in_the_prompt(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.always(Act.REFUSES_SCHEMA)
        assert (await rig.client.ask(order())).city
        assert (await rig.client.ask(order("And of France?"))).city
        sent = ["response_format" in body for _, body in server.requests]
        assert sent == [True, False, False]
        assert rig.waits_s == []

    async def test_too_long_a_context_is_shortened_once(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.queue(Act.CONTEXT_TOO_LONG)
        shares: list[float] = []

        def prompt(share: float) -> str:
            shares.append(share)
            return "Which city?"

        await rig.client.ask(
            Order(
                operation="capital",
                system="",
                prompt=prompt,
                answer=Capital,
            )
        )
        assert shares == [1.0, 0.5]

    async def test_too_long_twice_fails_the_step(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.always(Act.CONTEXT_TOO_LONG)
        with pytest.raises(TaskFailed, match="too long"):
            await rig.client.ask(order())
        assert len(server.requests) == 2


class TestAskWhenTheAnswerIsInvalid:
    @pytest.mark.parametrize("act", [Act.NONSENSE, Act.OUTSIDE_SCHEMA])
    async def test_repairs_it_once(self, rig: Rig, server: ScriptedModelServer, act: Act) -> None:
        server.queue(act)
        assert (await rig.client.ask(order())).city
        assert [c.request.operation for c in rig.ledger.calls] == ["capital", "capital.repair"]
        assert "What is wrong with it" in server.requests[1][1]["messages"][1]["content"]

    async def test_invalid_twice_is_an_error(self, rig: Rig, server: ScriptedModelServer) -> None:
        server.always(Act.OUTSIDE_SCHEMA)
        with pytest.raises(ModelAnswerInvalid, match="city"):
            await rig.client.ask(order())
        assert len(server.requests) == 2

    async def test_a_cut_off_answer_is_asked_for_shorter(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.queue(Act.OVER_LONG)
        assert (await rig.client.ask(order())).city
        assert rig.ledger.calls[1].request.operation == "capital.shorter"

    async def test_over_long_twice_is_an_error(self, rig: Rig, server: ScriptedModelServer) -> None:
        server.always(Act.OVER_LONG)
        with pytest.raises(ModelAnswerInvalid, match="MAX_OUTPUT_TOKENS"):
            await rig.client.ask(order())
        assert len(server.requests) == 2

    async def test_repairs_what_the_order_finds_wrong(self, rig: Rig) -> None:
        found: list[Capital] = []

        def problems(answer: Capital) -> tuple[str, ...]:
            found.append(answer)
            return ("That is not a city.",)

        wrong = order()
        answer = await rig.client.ask(
            Order(
                operation=wrong.operation,
                system=wrong.system,
                prompt=wrong.prompt,
                answer=Capital,
                problems=problems,
            )
        )
        assert answer.city
        assert len(found) == 1
        assert len(rig.ledger.calls) == 2
