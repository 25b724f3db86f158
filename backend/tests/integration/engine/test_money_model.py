"""The database's statements and the model of the simulation move money alike."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import text

from app.agents.ledger_port import quantise_usd
from app.core.database import Database
from app.core.ids import new_id
from app.engine import LedgerDesk, StepHold
from app.engine.desk import CallIntent, Settlement
from app.engine.ledger import count_open_calls
from tests.factories.ledger import add_running_step, add_running_task
from tests.factories.money_model import ZERO, MoneyModel, Purse, Sums

CENT = Decimal("0.01")
STEPS = ("a", "b", "c")
A_FEW, MANY = 6, 150
MOVES = 60


@dataclass(kw_only=True)
class Books:
    """The same money twice: in the database, and in the model."""

    database: Database
    desk: LedgerDesk
    holds: dict[str, StepHold]
    model: MoneyModel
    dice: Random

    async def open(self) -> None:
        key = self.dice.choice(STEPS)
        hold, call_id, seq = self.holds[key], new_id(), self.dice.randint(1, 8)
        amount = CENT * self.dice.randint(0, 30)
        intent = CallIntent(
            call_id=call_id,
            task_id=hold.task_id,
            step_id=hold.step_id,
            step_key=key,
            attempt=1,
            seq=seq,
            operation="research",
            model="openai:test",
            request_hash=f"{key}{seq}",
            models=["openai:test"],
            call_hashes=[f"{key}{seq}"],
            request="{}",
            reserve=amount,
        )
        said = await self.desk.open(intent)
        meant = self.model.open(call_id, key, seq, amount)
        assert said.outcome == meant.outcome
        assert (said.scope, said.cap, said.spent, said.held) == (
            meant.scope,
            meant.cap,
            meant.spent,
            meant.held,
        )

    async def settle(self) -> None:
        if not self.model.sent:
            return
        call_id = self.dice.choice(list(self.model.sent))
        status = self.dice.choice(["done", "done", "rejected", "unknown"])
        # Some cost more than was reserved for them.
        share = Decimal(self.dice.randint(0, 130)) / 100
        cost = {
            "done": quantise_usd(self.model.sent[call_id].held * share),
            "rejected": ZERO,
            "unknown": None,
        }[status]
        reply = "{}" if status == "done" else None
        await self.desk.settle(Settlement(call_id=call_id, status=status, cost=cost, reply=reply))
        self.model.settle(call_id, status, cost)

    async def count_open(self) -> None:
        key = self.dice.choice([*STEPS, None])
        async with self.database.transaction() as session:
            await count_open_calls(session, self.holds["a"].task_id, key)
        self.model.count_open(key)

    async def compare(self) -> None:
        self.model.check()
        assert await sums_in(self.database) == {
            **{key: purse.sums for key, purse in self.model.steps.items()},
            "task": self.model.task.sums,
            "user_day": self.model.day.sums,
        }


async def sums_in(database: Database) -> dict[str, Sums]:
    query = text(
        "SELECT key, spent_usd, reserved_usd FROM agent_tasks UNION ALL "
        "SELECT 'task', spent_usd, reserved_usd FROM tasks UNION ALL "
        "SELECT scope, spent_usd, reserved_usd FROM spend_limits"
    )
    async with database.transaction() as session:
        rows = (await session.execute(query)).all()
    return {"user_day": (ZERO, ZERO), **{key: (spent, held) for key, spent, held in rows}}


async def open_books(database: Database, desk: LedgerDesk, dice: Random) -> Books:
    caps = {name: random_cap(dice) for name in (*STEPS, "day")}
    task_cap = CENT * dice.randint(50, 200)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM tasks"))
        await session.execute(text("DELETE FROM spend_limits"))
    task_id = await add_running_task(database, cap_usd=str(task_cap))
    holds = {key: await add_running_step(database, task_id, key) for key in STEPS}
    async with database.transaction() as session:
        await session.execute(text("UPDATE users SET daily_cap_usd = :cap"), {"cap": caps["day"]})
        for key in STEPS:
            await session.execute(
                text("UPDATE agent_tasks SET cap_usd = :cap WHERE key = :key"),
                {"cap": caps[key], "key": key},
            )
    model = MoneyModel(
        steps={key: Purse(scope="step", cap=caps[key]) for key in STEPS},
        task=Purse(scope="task", cap=task_cap),
        day=Purse(scope="user_day", cap=caps["day"]),
    )
    return Books(database=database, desk=desk, holds=holds, model=model, dice=dice)


def random_cap(dice: Random) -> Decimal | None:
    return CENT * dice.randint(20, 150) if dice.random() < 0.6 else None


async def check_books(database: Database, desk: LedgerDesk, seed: str) -> None:
    dice = Random(seed)
    books = await open_books(database, desk, dice)
    for _ in range(MOVES):
        move = dice.choices([books.open, books.settle, books.count_open], [10, 8, 1])[0]
        await move()
        await books.compare()


class TestMoneyModel:
    async def test_moves_money_as_the_database_does(
        self, database: Database, desk: LedgerDesk, fault_seed: int
    ) -> None:
        for number in range(A_FEW):
            await check_books(database, desk, f"{fault_seed}:{number}")

    @pytest.mark.faults
    @pytest.mark.timeout(900)
    async def test_moves_money_as_the_database_does_for_long(
        self, database: Database, desk: LedgerDesk, fault_seed: int, fault_share: float
    ) -> None:
        for number in range(max(A_FEW, round(MANY * fault_share))):
            await check_books(database, desk, f"{fault_seed}:{number}")
