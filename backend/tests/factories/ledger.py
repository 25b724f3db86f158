"""Tasks and steps that pay, and what the ledger holds of them."""

from decimal import Decimal

from sqlalchemy import select, update

from app.core.database import Database
from app.core.ids import new_id
from app.engine import StepHold
from app.models import AgentTaskRow, ModelCall, Task
from app.services.accounts.repository import AccountRepository
from tests.factories.engine import make_step


async def add_running_task(
    database: Database, *, cap_usd: str = "1", status: str = "running"
) -> str:
    """Insert a task without steps; return its id."""
    async with database.transaction() as session:
        owner = await AccountRepository(session).local_owner()
        task = Task(
            id=new_id(),
            user_id=owner.id,
            goal="g",
            title="t",
            task_type="docs",
            language="en",
            model="openai:test",
            status=status,
            file_ids=[],
            cap_usd=Decimal(cap_usd),
        )
        session.add(task)
    return task.id


async def add_running_step(database: Database, task_id: str, key: str = "s") -> StepHold:
    """Insert a step in its first attempt; return who holds it."""
    async with database.transaction() as session:
        owner = await AccountRepository(session).local_owner()
        row = AgentTaskRow(
            id=new_id(),
            task_id=task_id,
            user_id=owner.id,
            key=key,
            position=0,
            agent="research",
            status="running",
            waiting_on=0,
            attempt=1,
            spec=make_step(key).model_dump(mode="json"),
        )
        session.add(row)
    return StepHold(task_id=task_id, step_key=key, step_id=row.id)


async def end_task(database: Database, task_id: str) -> None:
    """End a task and its steps, so that no worker takes over what nobody runs."""
    async with database.transaction() as session:
        for table, owner in ((AgentTaskRow, AgentTaskRow.task_id), (Task, Task.id)):
            await session.execute(update(table).where(owner == task_id).values(status="done"))


async def money_of(database: Database, task_id: str) -> tuple[Decimal, Decimal]:
    """Return what the task has spent and reserved, in dollars."""
    async with database.transaction() as session:
        row = await session.execute(
            select(Task.spent_usd, Task.reserved_usd).where(Task.id == task_id)
        )
        spent, reserved = row.one()
        return spent, reserved


async def call_statuses(database: Database, task_id: str) -> list[str]:
    """Return the status of each send of the task, in the order of the calls."""
    async with database.transaction() as session:
        rows = await session.execute(
            select(ModelCall.status)
            .where(ModelCall.task_id == task_id)
            .order_by(ModelCall.step_key, ModelCall.seq, ModelCall.send)
        )
        return list(rows.scalars())
