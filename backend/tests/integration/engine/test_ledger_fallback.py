"""One call sent to two models: one number, one answer, and money for each send."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.agents.errors import BudgetExceeded
from app.agents.ledger_port import (
    CallElsewhere,
    ModelReply,
    ModelRequest,
    SendFault,
    SendRejected,
    SendUncertain,
)
from app.core.database import Database
from app.engine import DatabaseLedger, LedgerDesk, StepChanged, StepHold
from app.models import ModelCall, TaskEvent
from tests.factories.ledger import add_running_task, money_of
from tests.factories.model_calls import Sender, make_reply, make_request

CENT = Decimal("0.01")
FIRST, SECOND = "openai:first", "other:second"
DOWN = SendRejected("503", fault=SendFault.SERVER_ERROR)
LOST = SendUncertain("cut", fault=SendFault.STREAM_CUT)


def asked_of(model: str, prompt: str = "hello") -> ModelRequest:
    return make_request(prompt).model_copy(update={"model": model, "chain": (FIRST, SECOND)})


def reply_of_second() -> ModelReply:
    return make_reply().model_copy(update={"model": SECOND})


def ledger_for(desk: LedgerDesk, task_id: str) -> DatabaseLedger:
    return DatabaseLedger(desk, StepHold(task_id=task_id, step_key="s"))


async def sends(database: Database, task_id: str) -> list[tuple[int, int, str, str]]:
    query = select(ModelCall).where(ModelCall.task_id == task_id)
    async with database.transaction() as session:
        rows = (await session.execute(query.order_by(ModelCall.seq, ModelCall.send))).scalars()
        return [(row.seq, row.send, row.model, row.status) for row in rows]


async def fallbacks(database: Database, task_id: str) -> list[Mapping[str, Any]]:
    query = select(TaskEvent.payload).where(
        TaskEvent.task_id == task_id, TaskEvent.kind == "step.fallback"
    )
    async with database.transaction() as session:
        return list((await session.execute(query)).scalars())


@pytest.fixture
async def task_id(database: Database) -> str:
    return await add_running_task(database, cap_usd="0.10", status="planning")


async def fall_back(ledger: DatabaseLedger) -> tuple[Sender, Sender]:
    first, second = Sender(DOWN), Sender(reply_of_second())
    with pytest.raises(SendRejected):
        await ledger.call(asked_of(FIRST), CENT, first)
    await ledger.call(asked_of(SECOND), CENT * 2, second)
    return first, second


class TestFallback:
    async def test_is_a_send_of_the_same_call_with_a_key_and_an_event_of_its_own(
        self, database: Database, desk: LedgerDesk, task_id: str
    ) -> None:
        first, second = await fall_back(ledger_for(desk, task_id))
        assert await sends(database, task_id) == [
            (1, 1, FIRST, "rejected"),
            (1, 2, SECOND, "done"),
        ]
        assert first.keys == [f"{task_id}:s:1"]
        assert second.keys == [f"{task_id}:s:1:1"]
        [event] = await fallbacks(database, task_id)
        assert event == {"from": FIRST, "to": SECOND, "operation": "research", "reason": "503"}

    async def test_answers_a_replay_whichever_model_is_asked(
        self, database: Database, desk: LedgerDesk, task_id: str
    ) -> None:
        await fall_back(ledger_for(desk, task_id))
        again, never = ledger_for(desk, task_id), Sender()
        assert (await again.call(asked_of(FIRST), CENT, never)).model == SECOND
        assert never.keys == []
        await again.call(asked_of(SECOND, "next"), CENT, Sender(reply_of_second()))
        assert [row[0] for row in await sends(database, task_id)] == [1, 1, 2]
        assert len(await fallbacks(database, task_id)) == 1

    async def test_in_flight_at_a_crash_goes_on_where_it_was_under_its_key(
        self, database: Database, desk: LedgerDesk, task_id: str
    ) -> None:
        ledger = ledger_for(desk, task_id)
        with pytest.raises(SendRejected):
            await ledger.call(asked_of(FIRST), CENT, Sender(DOWN))
        with pytest.raises(SendUncertain):
            await ledger.call(asked_of(SECOND), CENT, Sender(LOST))
        again, first, second = ledger_for(desk, task_id), Sender(), Sender(reply_of_second())
        with pytest.raises(CallElsewhere) as moved:
            await again.call(asked_of(FIRST), CENT, first)
        assert moved.value.model == SECOND
        await again.call(asked_of(SECOND), CENT, second)
        assert first.keys == []
        assert second.keys == [f"{task_id}:s:1:1"]
        assert await money_of(database, task_id) == (CENT * 2, Decimal(0))

    async def test_never_passes_the_cap(
        self, database: Database, desk: LedgerDesk, task_id: str
    ) -> None:
        ledger, second = ledger_for(desk, task_id), Sender(reply_of_second())
        with pytest.raises(SendUncertain):
            await ledger.call(asked_of(FIRST), CENT * 6, Sender(LOST))
        with pytest.raises(BudgetExceeded):
            await ledger.call(asked_of(SECOND), CENT * 5, second)
        assert second.keys == []
        assert await money_of(database, task_id) == (CENT * 6, Decimal(0))

    async def test_of_another_request_is_a_changed_step(
        self, desk: LedgerDesk, task_id: str
    ) -> None:
        await fall_back(ledger_for(desk, task_id))
        with pytest.raises(StepChanged):
            await ledger_for(desk, task_id).call(asked_of(FIRST, "other"), CENT, Sender())

    async def test_is_not_taken_for_a_refusal_that_the_step_went_on_from(
        self, database: Database, desk: LedgerDesk, task_id: str
    ) -> None:
        ledger = ledger_for(desk, task_id)
        too_long = SendRejected("too long", fault=SendFault.CONTEXT_TOO_LONG)
        with pytest.raises(SendRejected):
            await ledger.call(asked_of(FIRST), CENT, Sender(too_long))
        await ledger.call(asked_of(FIRST, "half"), CENT, Sender())
        again, never = ledger_for(desk, task_id), Sender()
        with pytest.raises(SendRejected) as refused:
            await again.call(asked_of(FIRST), CENT, never)
        assert refused.value.fault is SendFault.CONTEXT_TOO_LONG
        await again.call(asked_of(FIRST, "half"), CENT, never)
        assert never.keys == []
