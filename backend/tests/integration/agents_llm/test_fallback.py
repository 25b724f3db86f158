"""A model that is out, and the one that answers for it: two servers on real ports."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.agents.errors import ModelKeyRefused, ModelRefused, ModelUnavailable
from app.agents.ledger_port import CallElsewhere, DirectLedger, ModelReply, ModelRequest, Send
from app.agents.llm.client import Fallbacks, Line, ModelClient, Order
from app.agents.llm.prices import model_price
from app.agents.llm.spec import parse_model_spec
from app.agents.llm.transport import LangChainTransport
from app.agents.llm.wire import Answer
from app.core.clock import utc_now
from app.core.config import ModelSettings
from tests.factories.scripted_behaviour import Act, Behaviour
from tests.factories.scripted_server import KEY, ScriptedModelServer

FIRST, SECOND = "openai:scripted", "openai:second"


class Greeting(Answer):
    """What is asked for."""

    greeting: str


ORDER = Order(
    operation="greet", system="Be kind.", prompt=lambda share: f"Greet {share}", answer=Greeting
)


def line_to(server: ScriptedModelServer, model: str, usd: float) -> tuple[Line, ModelSettings]:
    settings = ModelSettings(
        name=model,
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        timeout_s=5,
        max_output_tokens=2000,
        max_sends=2,
        input_usd_per_mtok=usd,
        output_usd_per_mtok=usd,
    )
    spec = parse_model_spec(settings)
    transport = LangChainTransport(spec, settings)
    line = Line(spec=spec, price=model_price(spec, settings, utc_now()), transport=transport)
    return line, settings


@pytest.fixture
def first(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "first.jsonl") as server:
        server.answer("greet", {"greeting": "from the first"})
        yield server


@pytest.fixture
def second(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "second.jsonl") as server:
        server.models = {"second"}
        server.answer("greet", {"greeting": "from the second"})
        yield server


class Rig:
    """A client of the first server that falls back to the second."""

    def __init__(
        self,
        first: ScriptedModelServer,
        second: ScriptedModelServer,
        ledger: DirectLedger | None = None,
    ) -> None:
        self.ledger = ledger or DirectLedger()
        self.waits_s: list[float] = []
        main, settings = line_to(first, FIRST, 1)
        other, _ = line_to(second, SECOND, 10)
        self.lines = (main, other)
        self.client = ModelClient(
            main.spec,
            settings,
            transport=main.transport,
            price=main.price,
            ledger=self.ledger,
            sleep=self._wait,
            fallbacks=Fallbacks(models=(SECOND,), lines=(other,)),
        )

    async def _wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)

    def models(self) -> list[str]:
        """Which model each send went to."""
        return [call.request.model for call in self.ledger.calls]


@asynccontextmanager
async def opened(rig: Rig) -> AsyncIterator[Rig]:
    """Close a rig's connections at the end."""
    yield rig
    for line in rig.lines:
        await line.transport.aclose()  # type: ignore[attr-defined]  # the real one holds connections


@pytest.fixture
async def rig(first: ScriptedModelServer, second: ScriptedModelServer) -> AsyncIterator[Rig]:
    async with opened(Rig(first, second)) as made:
        yield made


class TestFallback:
    async def test_is_not_used_while_the_model_answers(
        self, rig: Rig, second: ScriptedModelServer
    ) -> None:
        assert (await rig.client.ask(ORDER)).greeting == "from the first"
        assert rig.models() == [FIRST]
        assert second.requests == []

    @pytest.mark.parametrize("act", [Act.SERVER_ERROR, Act.RATE_LIMITED, Act.CUT])
    async def test_answers_once_the_sends_are_used_up(
        self, rig: Rig, first: ScriptedModelServer, act: Act
    ) -> None:
        first.always(act)
        assert (await rig.client.ask(ORDER)).greeting == "from the second"
        assert rig.models() == [FIRST, FIRST, SECOND]

    async def test_answers_when_nothing_listens(self, rig: Rig, first: ScriptedModelServer) -> None:
        first.stop()
        assert (await rig.client.ask(ORDER)).greeting == "from the second"

    async def test_answers_at_once_without_credit_or_when_told_to_wait_long(
        self, rig: Rig, first: ScriptedModelServer
    ) -> None:
        first.queue(Act.NO_CREDIT)
        assert (await rig.client.ask(ORDER)).greeting == "from the second"
        assert rig.models() == [FIRST, SECOND]
        assert rig.waits_s == []

    async def test_answers_at_once_when_the_server_asks_to_wait_long(
        self, rig: Rig, first: ScriptedModelServer
    ) -> None:
        first.queue(Behaviour(act=Act.RATE_LIMITED, retry_after_s=600))
        assert (await rig.client.ask(ORDER)).greeting == "from the second"
        assert rig.models() == [FIRST, SECOND]

    async def test_is_reserved_and_paid_at_its_own_price(
        self, rig: Rig, first: ScriptedModelServer
    ) -> None:
        first.always(Act.NO_CREDIT)
        await rig.client.ask(ORDER)
        refused, answered = rig.ledger.calls
        assert answered.reserve_usd > 9 * refused.reserve_usd
        assert answered.reply is not None
        tokens = answered.reply.input_tokens + answered.reply.output_tokens
        assert float(answered.reply.cost_usd) == pytest.approx(tokens * 10 / 1e6)
        assert answered.reply.model == SECOND
        assert refused.idempotency_key != answered.idempotency_key

    async def test_stays_for_the_rest_of_the_step(
        self, rig: Rig, first: ScriptedModelServer
    ) -> None:
        first.queue(Act.NO_CREDIT)
        await rig.client.ask(ORDER)
        await rig.client.ask(ORDER)
        assert rig.models() == [FIRST, SECOND, SECOND]

    async def test_does_not_hide_a_refused_key(
        self, rig: Rig, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        first.key = "another"
        with pytest.raises(ModelKeyRefused):
            await rig.client.ask(ORDER)
        assert second.requests == []

    async def test_does_not_hide_an_unknown_model(
        self, rig: Rig, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        first.models = {"renamed"}
        with pytest.raises(ModelRefused):
            await rig.client.ask(ORDER)
        assert second.requests == []

    async def test_ends_with_the_last_models_outage(
        self, rig: Rig, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        first.always(Act.SERVER_ERROR)
        second.always(Act.SERVER_ERROR)
        with pytest.raises(ModelUnavailable, match=SECOND):
            await rig.client.ask(ORDER)
        assert rig.models() == [FIRST, FIRST, SECOND, SECOND]

    async def test_with_too_short_a_context_does_not_shorten_the_material(
        self, rig: Rig, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        first.always(Act.SERVER_ERROR)
        second.always(Act.CONTEXT_TOO_LONG)
        with pytest.raises(ModelUnavailable, match=FIRST):
            await rig.client.ask(ORDER)
        assert rig.models() == [FIRST, FIRST, SECOND]


class ElsewhereLedger(DirectLedger):
    """A ledger whose record says that a call is under way at another model."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.model = model

    async def call(self, request: ModelRequest, reserve_usd: Decimal, send: Send) -> ModelReply:
        """Point there until that model is asked."""
        if request.model != self.model:
            raise CallElsewhere(self.model)
        return await super().call(request, reserve_usd, send)


class TestCallInFlightAtAFallback:
    async def test_is_repeated_there(
        self, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        ledger = ElsewhereLedger(SECOND)
        async with opened(Rig(first, second, ledger)) as rig:
            assert (await rig.client.ask(ORDER)).greeting == "from the second"
        assert first.requests == []

    async def test_is_no_loop_where_that_model_cannot_be_opened(
        self, first: ScriptedModelServer, second: ScriptedModelServer
    ) -> None:
        async with opened(Rig(first, second, ElsewhereLedger("other:third"))) as rig:
            with pytest.raises(ModelUnavailable, match="other:third"):
                await rig.client.ask(ORDER)
