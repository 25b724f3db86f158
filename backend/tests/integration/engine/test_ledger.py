"""The ledger: no recorded call is made again, and no way leads past the cap."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text, update

from app.agents.errors import BudgetExceeded, StepLoops
from app.agents.ledger_port import ModelReply, SendFault, SendRejected, SendUncertain
from app.core.database import Database, psycopg_url
from app.engine import DatabaseLedger, LedgerDesk, Stale, StepChanged, StepHold
from app.engine.desk import Settlement
from app.engine.ledger import count_open_calls
from app.models import ModelCall, Task
from app.services.accounts import AccountRepository
from tests.factories.ledger import (
    add_running_step,
    add_running_task,
    call_statuses,
    money_of,
)
from tests.factories.model_calls import Sender, make_reply, make_request

CENT = Decimal("0.01")


async def add_task(database: Database, *, cap_usd: str = "1") -> str:
    return await add_running_task(database, cap_usd=cap_usd, status="planning")


def ledger_for(desk: LedgerDesk, task_id: str, step_key: str = "s") -> DatabaseLedger:
    return DatabaseLedger(desk, StepHold(task_id=task_id, step_key=step_key))


class TestCall:
    async def test_records_the_reply_and_settles_its_cost(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        reply = await ledger_for(desk, task_id).call(make_request(), CENT * 5, Sender())
        assert reply == make_reply()
        assert await money_of(database, task_id) == (CENT, Decimal(0))
        assert await call_statuses(database, task_id) == ["done"]

    async def test_is_answered_from_the_record_on_a_replay(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        await ledger_for(desk, task_id).call(make_request(), CENT, Sender())
        again = Sender()
        reply = await ledger_for(desk, task_id).call(make_request(), CENT, again)
        assert reply == make_reply()
        assert again.keys == []
        assert await money_of(database, task_id) == (CENT, Decimal(0))

    async def test_asks_again_for_the_same_thing_asked_twice_in_one_attempt(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        ledger, sender = ledger_for(desk, task_id), Sender()
        await ledger.call(make_request(), CENT, sender)
        await ledger.call(make_request(), CENT, sender)
        assert len(set(sender.keys)) == 2

    async def test_fails_loudly_when_a_replay_asks_something_else(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        await ledger_for(desk, task_id).call(make_request("a"), CENT, Sender())
        with pytest.raises(StepChanged):
            await ledger_for(desk, task_id).call(make_request("b"), CENT, Sender())

    async def test_gives_the_reservation_back_when_the_server_said_no(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        no = Sender(SendRejected("busy", fault=SendFault.RATE_LIMITED))
        ledger = ledger_for(desk, task_id)
        with pytest.raises(SendRejected):
            await ledger.call(make_request(), CENT, no)
        assert await money_of(database, task_id) == (Decimal(0), Decimal(0))
        yes = Sender()
        await ledger.call(make_request(), CENT, yes)
        assert no.keys == yes.keys
        assert await call_statuses(database, task_id) == ["rejected", "done"]

    async def test_counts_a_send_that_broke_off_at_its_worst(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        cut = Sender(SendUncertain("cut", fault=SendFault.STREAM_CUT))
        ledger = ledger_for(desk, task_id)
        with pytest.raises(SendUncertain):
            await ledger.call(make_request(), CENT * 3, cut)
        await ledger.call(make_request(), CENT * 3, Sender())
        assert await money_of(database, task_id) == (CENT * 4, Decimal(0))
        assert await call_statuses(database, task_id) == ["unknown", "done"]

    async def test_counts_a_cancelled_send_at_its_worst(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        sent = asyncio.Event()

        async def hang(_key: str) -> ModelReply:
            sent.set()
            await asyncio.Event().wait()
            return make_reply()

        call = asyncio.ensure_future(ledger_for(desk, task_id).call(make_request(), CENT, hang))
        await sent.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await money_of(database, task_id) == (CENT, Decimal(0))
        assert await call_statuses(database, task_id) == ["unknown"]

    async def test_is_not_sent_for_ever_to_the_same_question(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        ledger, sender = ledger_for(desk, task_id), Sender()
        for _ in range(5):
            await ledger.call(make_request(), CENT, sender)
        with pytest.raises(StepLoops):
            await ledger.call(make_request(), CENT, sender)
        assert len(sender.keys) == 5

    async def test_sends_nothing_for_an_attempt_that_lost_its_step(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)
        hold = await add_running_step(database, task_id)
        sender = Sender()
        old = replace(hold, attempt=0)
        with pytest.raises(Stale):
            await DatabaseLedger(desk, old).call(make_request(), CENT, sender)
        assert sender.keys == []

    async def test_counts_in_a_step_without_a_cap_as_well(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        await DatabaseLedger(desk, hold).call(make_request(), CENT * 5, Sender())
        async with database.transaction() as session:
            spent = await session.execute(text("SELECT spent_usd, reserved_usd FROM agent_tasks"))
            assert spent.one() == (CENT, 0)


class TestCap:
    async def test_holds_when_64_steps_call_at_once(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database, cap_usd="0.10")
        most = Decimal(0)

        async def call(number: int) -> bool:
            nonlocal most
            ledger = ledger_for(desk, task_id, f"s{number}")
            try:
                await ledger.call(make_request(), CENT * 3, Sender(make_reply(cost_usd="0.03")))
            except BudgetExceeded:
                return False
            spent, reserved = await money_of(database, task_id)
            most = max(most, spent + reserved)
            return True

        made = await asyncio.gather(*(call(number) for number in range(64)))
        assert sum(made) == 3
        assert most <= Decimal("0.10")
        assert await money_of(database, task_id) == (CENT * 9, Decimal(0))

    async def test_is_kept_by_the_database_itself(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database, cap_usd="0.10")
        with pytest.raises(Exception, match="spend_within_cap"):
            async with database.transaction() as session:
                await session.execute(
                    update(Task).where(Task.id == task_id).values(spent_usd=Decimal("0.11"))
                )

    async def test_waits_for_calls_in_flight_whose_worst_case_fills_it(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database, cap_usd="0.10")
        in_flight, may_answer = asyncio.Event(), asyncio.Event()

        async def slow(_key: str) -> ModelReply:
            in_flight.set()
            await may_answer.wait()
            return make_reply()

        first = asyncio.ensure_future(
            ledger_for(desk, task_id, "a").call(make_request(), CENT * 9, slow)
        )
        await in_flight.wait()
        second = asyncio.ensure_future(
            ledger_for(desk, task_id, "b").call(make_request(), CENT * 9, Sender())
        )
        await asyncio.sleep(0.05)
        assert not second.done()
        may_answer.set()
        assert (await first, await second) == (make_reply(), make_reply())
        assert await money_of(database, task_id) == (CENT * 2, Decimal(0))

    @pytest.mark.parametrize("scope", ["step", "user_day"])
    async def test_of_a_step_or_a_day_holds_as_well(
        self, database: Database, desk: LedgerDesk, scope: str
    ) -> None:
        task_id = await add_running_task(database, cap_usd="1")
        hold = await add_running_step(database, task_id)
        change = {
            "step": "UPDATE agent_tasks SET cap_usd = 0.02",
            "user_day": "UPDATE users SET daily_cap_usd = 0.02",
        }[scope]
        async with database.transaction() as session:
            await session.execute(text(change))
        ledger = DatabaseLedger(desk, hold)
        await ledger.call(make_request("a"), CENT, Sender())
        await ledger.call(make_request("b"), CENT, Sender())
        last = Sender()
        with pytest.raises(BudgetExceeded) as refused:
            await ledger.call(make_request("c"), CENT, last)
        assert refused.value.facts["scope"] == scope
        assert last.keys == []
        assert await money_of(database, task_id) == (CENT * 2, Decimal(0))

    async def test_of_a_day_counts_over_all_tasks(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        async with database.transaction() as session:
            await AccountRepository(session).local_owner()
            await session.execute(text("UPDATE users SET daily_cap_usd = 0.10"))
        tasks = [await add_task(database) for _ in range(8)]

        async def call(number: int) -> bool:
            ledger = ledger_for(desk, tasks[number % 8], f"s{number}")
            try:
                await ledger.call(make_request(), CENT * 3, Sender(make_reply(cost_usd="0.03")))
            except BudgetExceeded:
                return False
            return True

        made = await asyncio.gather(*(call(number) for number in range(64)))
        assert sum(made) == 3

    async def test_says_what_is_left(self, database: Database, desk: LedgerDesk) -> None:
        task_id = await add_task(database, cap_usd="0.02")
        with pytest.raises(BudgetExceeded, match=r"only \$0\.02 of the cap of \$0\.02 is left"):
            await ledger_for(desk, task_id).call(make_request(), CENT * 3, Sender())


class ProcessGone(BaseException):
    """The process is killed while a call is in flight."""


class DyingDesk(LedgerDesk):
    """The desk of a killed process: it settles nothing."""

    async def settle(self, settlement: Settlement) -> None:
        """Settle nothing."""


class TestCountOpenCalls:
    async def test_turns_an_intent_left_by_a_crash_into_spend_at_its_worst(
        self, database: Database, database_url: str
    ) -> None:
        task_id = await add_task(database)

        async with DyingDesk(psycopg_url(database_url)) as dying:
            with pytest.raises(ProcessGone):
                await ledger_for(dying, task_id).call(
                    make_request(), CENT * 2, Sender(ProcessGone())
                )
        assert await money_of(database, task_id) == (Decimal(0), CENT * 2)
        async with database.transaction() as session:
            assert await count_open_calls(session, task_id, "s") == 1
        assert await money_of(database, task_id) == (CENT * 2, Decimal(0))

    async def test_lets_a_late_reply_correct_the_count(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_task(database)

        async def late(_key: str) -> ModelReply:
            async with database.transaction() as session:
                await count_open_calls(session, task_id, "s")
            return make_reply()

        await ledger_for(desk, task_id).call(make_request(), CENT * 5, late)
        assert await money_of(database, task_id) == (CENT, Decimal(0))
        async with database.transaction() as session:
            done = await session.execute(select(func.count()).where(ModelCall.status == "done"))
            assert done.scalar_one() == 1
