"""The ledger where things break: cancelled, taken over, answered late, acknowledged never."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app.agents.ledger_port import ModelReply, SendFault, SendRejected
from app.core.database import Database, psycopg_url
from app.core.postgres import DatabaseUnavailable
from app.engine import DatabaseLedger, LedgerDesk, Stale, StepHold
from app.engine.desk import CallIntent, Opening
from app.engine.ledger import count_open_calls
from app.models import Task
from tests.factories.ledger import (
    add_running_step,
    add_running_task,
    call_statuses,
    money_of,
)
from tests.factories.model_calls import Sender, make_reply, make_request

CENT = Decimal("0.01")
ZERO = Decimal(0)
WAITING_FOR_LOCK = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def until_waiting_for_lock(database: Database) -> None:
    """Return when some transaction of the server waits for another."""
    while True:
        async with database.transaction() as session:
            if (await session.execute(WAITING_FOR_LOCK)).scalar_one():
                return
        await asyncio.sleep(0.01)


class ForgetfulDesk(LedgerDesk):
    """Commits, then once says that it does not know: the acknowledgement is lost."""

    forgets = 1

    async def open(self, intent: CallIntent) -> Opening:
        """Open the call and forget it."""
        opening = await super().open(intent)
        if self.forgets:
            self.forgets -= 1
            raise DatabaseUnavailable("the connection was lost")
        return opening


class TestCall:
    async def test_cancelled_while_its_reply_is_being_recorded_still_records_it(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        async with database.transaction() as blocker:

            async def reply_then_block(_key: str) -> ModelReply:
                await blocker.execute(select(Task.id).where(Task.id == task_id).with_for_update())
                return make_reply()

            ledger = DatabaseLedger(desk, hold)
            call = asyncio.ensure_future(ledger.call(make_request(), CENT * 2, reply_then_block))
            await until_waiting_for_lock(database)
            call.cancel()
            await asyncio.sleep(0.05)
            assert not call.done()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await call_statuses(database, task_id) == ["done"]
        assert await money_of(database, task_id) == (CENT, ZERO)

    async def test_cancelled_before_it_was_sent_reserves_nothing(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        sender = Sender()
        async with database.transaction() as blocker:
            await blocker.execute(select(Task.id).where(Task.id == task_id).with_for_update())
            ledger = DatabaseLedger(desk, hold)
            call = asyncio.ensure_future(ledger.call(make_request(), CENT * 2, sender))
            await until_waiting_for_lock(database)
            call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert sender.keys == []
        assert await call_statuses(database, task_id) == ["rejected"]
        assert await money_of(database, task_id) == (ZERO, ZERO)

    async def test_whose_step_is_taken_over_while_it_waits_to_reserve_sends_nothing(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        sender = Sender()
        async with database.transaction() as other:
            await other.execute(select(Task.id).where(Task.id == task_id).with_for_update())
            ledger = DatabaseLedger(desk, hold)
            call = asyncio.ensure_future(ledger.call(make_request(), CENT, sender))
            await until_waiting_for_lock(database)
            await other.execute(text("UPDATE agent_tasks SET attempt = attempt + 1"))
        with pytest.raises(Stale):
            await call
        assert sender.keys == []
        assert await money_of(database, task_id) == (ZERO, ZERO)

    async def test_of_a_planning_that_was_cancelled_sends_nothing(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database, status="cancelled")
        sender = Sender()
        planning = DatabaseLedger(desk, StepHold(task_id=task_id, step_key="plan"))
        with pytest.raises(Stale):
            await planning.call(make_request(), CENT, sender)
        assert sender.keys == []

    async def test_that_cost_more_than_was_reserved_keeps_its_reply_and_the_cap(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database, cap_usd="0.02")
        ledger = DatabaseLedger(desk, await add_running_step(database, task_id))
        dear = make_reply(cost_usd="0.05")
        assert await ledger.call(make_request(), CENT, Sender(dear)) == dear
        assert await call_statuses(database, task_id) == ["done"]
        assert await money_of(database, task_id) == (CENT * 2, ZERO)

    async def test_reserves_once_when_the_commit_is_not_acknowledged(
        self, database: Database, database_url: str
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        async with ForgetfulDesk(psycopg_url(database_url)) as forgetful:
            await DatabaseLedger(forgetful, hold).call(make_request(), CENT * 2, Sender())
        assert await call_statuses(database, task_id) == ["done"]
        assert await money_of(database, task_id) == (CENT, ZERO)

    async def test_rejected_after_it_was_counted_at_its_worst_is_counted_no_more(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)

        async def late_no(_key: str) -> ModelReply:
            async with database.transaction() as session:
                await count_open_calls(session, task_id, hold.step_key)
            raise SendRejected("busy", fault=SendFault.RATE_LIMITED)

        with pytest.raises(SendRejected):
            await DatabaseLedger(desk, hold).call(make_request(), CENT, late_no)
        assert await call_statuses(database, task_id) == ["rejected"]
        assert await money_of(database, task_id) == (ZERO, ZERO)

    async def test_numbers_a_replay_of_another_attempt_alike(
        self, database: Database, desk: LedgerDesk
    ) -> None:
        task_id = await add_running_task(database)
        hold = await add_running_step(database, task_id)
        await DatabaseLedger(desk, hold).call(make_request(), CENT, Sender())
        async with database.transaction() as session:
            await session.execute(text("UPDATE agent_tasks SET attempt = attempt + 1"))
        again = Sender()
        await DatabaseLedger(desk, replace(hold, attempt=2)).call(make_request(), CENT, again)
        assert again.keys == []
