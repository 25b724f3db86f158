"""The ledger of paid calls, which is also the journal that makes a replay free.

A call is three moves: (1) find its recorded reply, or reserve the worst case and write the intent
in one transaction; (2) send; (3) store the reply and settle in one transaction. A crash between
them leaves an intent, whose reservation stays counted as spent until a late reply settles it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.errors import BudgetExceeded
from app.agents.ledger_port import (
    ModelReply,
    ModelRequest,
    Send,
    SendRejected,
    quantise_usd,
)
from app.agents.transitions import TaskStatus
from app.agents.types import StepStatus
from app.core.clock import monotonic_s, utc_now
from app.core.database import Database
from app.core.ids import new_id
from app.core.logging import get_logger
from app.engine.completion import complete
from app.engine.errors import Stale, StepChanged
from app.engine.outage import outlast
from app.models import AgentTaskRow, ModelCall, Task

ZERO = Decimal(0)
# Reservations are worst cases, several times the real cost: most of what is held comes back soon.
RESERVATIONS_WAIT_S = 180.0
RESERVATIONS_LOOK_S = 0.25
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHold:
    """Whose calls these are. `step_id` is None for planning, which no other worker can take."""

    task_id: str
    step_key: str
    step_id: str | None = None
    attempt: int = 1
    first_seq: int = 1


class DatabaseLedger:
    """The ledger of one attempt of one step."""

    def __init__(self, database: Database, hold: StepHold) -> None:
        self._database = database
        self._hold = hold
        self._next_seq = hold.first_seq
        self._unanswered: tuple[str, int] | None = None

    async def call(self, request: ModelRequest, reserve_usd: Decimal, send: Send) -> ModelReply:
        """Return the recorded reply, or reserve, send and record; see `ModelLedger`."""
        seq = self._number(request)
        call_id = new_id()
        recorded = await self._find_or_reserve(call_id, request, seq, reserve_usd)
        if recorded is not None:
            self._unanswered = None
            return recorded
        try:
            reply = await send(f"{self._hold.task_id}:{self._hold.step_key}:{seq}")
        except SendRejected as failure:
            await self._settle(call_id, self._settle_rejected, failure.message)
            raise
        except BaseException as failure:
            reason = str(failure) or type(failure).__name__
            await self._settle(call_id, self._settle_unknown, reason)
            raise
        await complete(outlast(lambda: self._settle_done(call_id, reply)))
        self._unanswered = None
        return reply

    async def _find_or_reserve(
        self, call_id: str, request: ModelRequest, seq: int, reserve_usd: Decimal
    ) -> ModelReply | None:
        reserve = quantise_usd(reserve_usd)
        deadline_s = monotonic_s() + RESERVATIONS_WAIT_S
        while True:
            try:
                return await complete(outlast(lambda: self._open(call_id, request, seq, reserve)))
            except asyncio.CancelledError:
                await self._settle(call_id, self._settle_rejected, "cancelled before it was sent")
                raise
            except CapReserved as reserved:
                if monotonic_s() >= deadline_s:
                    raise reserved.refusal from None
            await asyncio.sleep(RESERVATIONS_LOOK_S)

    async def _settle(
        self, call_id: str, move: Callable[[str, str], Awaitable[None]], reason: str
    ) -> None:
        # To its end: a second cancellation must not leave the reservation open.
        await complete(outlast(lambda: move(call_id, reason)))

    def _number(self, request: ModelRequest) -> int:
        if self._unanswered is not None and self._unanswered[0] == request.request_hash:
            return self._unanswered[1]
        seq = self._next_seq
        self._next_seq += 1
        self._unanswered = (request.request_hash, seq)
        return seq

    async def _open(
        self, call_id: str, request: ModelRequest, seq: int, reserve: Decimal
    ) -> ModelReply | None:
        async with self._database.transaction() as session:
            await self._fence(session)
            sends = await self._sends(session, seq)
            for sent in sends:
                if sent.id == call_id:  # written by a try whose commit was not acknowledged
                    return None
                if sent.request_hash != request.request_hash:
                    raise StepChanged(
                        f"Call {seq} of step {self._hold.step_key} differs from the one recorded; "
                        "the program changed in between. Start the task anew."
                    )
                if sent.status == "done" and sent.reply is not None:
                    return ModelReply.model_validate(sent.reply)
            await reserve_money(session, self._hold.task_id, reserve)
            call = ModelCall(
                id=call_id,
                task_id=self._hold.task_id,
                step_key=self._hold.step_key,
                seq=seq,
                send=len(sends) + 1,
                attempt=self._hold.attempt,
                operation=request.operation,
                model=request.model,
                request_hash=request.request_hash,
                status="intent",
                reserved_usd=reserve,
            )
            session.add(call)
            return None

    async def _fence(self, session: AsyncSession) -> None:
        # The lock first: what is read after it cannot change before this transaction ends.
        task = await session.execute(
            select(Task.status).where(Task.id == self._hold.task_id).with_for_update()
        )
        status = task.scalar_one_or_none()
        if self._hold.step_id is None:
            if status != TaskStatus.PLANNING:
                raise Stale(f"The task is {status or 'gone'}; its planning was stopped.")
            return
        found = await session.execute(
            select(AgentTaskRow.id).where(
                AgentTaskRow.id == self._hold.step_id,
                AgentTaskRow.attempt == self._hold.attempt,
                AgentTaskRow.status == StepStatus.RUNNING,
            )
        )
        if found.first() is None:
            raise Stale(f"Attempt {self._hold.attempt} no longer holds {self._hold.step_key}.")

    async def _sends(self, session: AsyncSession, seq: int) -> Sequence[ModelCall]:
        found = await session.execute(
            select(ModelCall)
            .where(
                ModelCall.task_id == self._hold.task_id,
                ModelCall.step_key == self._hold.step_key,
                ModelCall.seq == seq,
            )
            .order_by(ModelCall.send)
        )
        return found.scalars().all()

    async def _settle_done(self, call_id: str, reply: ModelReply) -> None:
        async with self._database.transaction() as session:
            call = await lock_call(session, call_id)
            if call is None or call.status == "done":
                return
            if reply.cost_usd > call.reserved_usd:
                log.warning("call_above_its_reservation", call_id=call_id, model=call.model)
            await move_money(session, call, reply.cost_usd)
            call.status = "done"
            call.cost_usd = reply.cost_usd
            call.input_tokens, call.output_tokens = reply.input_tokens, reply.output_tokens
            call.reply = reply.model_dump(mode="json")
            call.settled_at = utc_now()

    async def _settle_rejected(self, call_id: str, reason: str) -> None:
        async with self._database.transaction() as session:
            call = await lock_call(session, call_id)
            if call is None or call.status not in {"intent", "unknown"}:
                return
            await move_money(session, call, ZERO)
            call.status, call.cost_usd = "rejected", ZERO
            call.error = reason[:500]
            call.settled_at = utc_now()

    async def _settle_unknown(self, call_id: str, reason: str) -> None:
        async with self._database.transaction() as session:
            call = await lock_call(session, call_id)
            if call is not None and call.status == "intent":
                await count_at_worst(session, call, reason)


class CapReserved(Exception):
    """The cap would allow the call, but calls in flight hold what it needs: wait for them."""

    def __init__(self, refusal: BudgetExceeded) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


async def reserve_money(session: AsyncSession, task_id: str, amount: Decimal) -> None:
    """Reserve `amount` of the task's cap.

    Raises:
        BudgetExceeded: It would pass the cap; nothing is reserved.
        CapReserved: It would only pass the cap together with what others have reserved.
    """
    reserved = await session.execute(
        update(Task)
        .where(Task.id == task_id, Task.spent_usd + Task.reserved_usd + amount <= Task.cap_usd)
        .values(reserved_usd=Task.reserved_usd + amount)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    if reserved.first() is not None:
        return
    left = await session.execute(
        select(Task.cap_usd, Task.spent_usd, Task.reserved_usd).where(Task.id == task_id)
    )
    cap, spent, held = left.one()
    rest = cap - spent - held
    refusal = BudgetExceeded(
        f"The next model call may cost {_usd(amount)} but only {_usd(rest)} of the cap of "
        f"{_usd(cap)} is left; raise the cap to go on.",
        cap_usd=float(cap),
        left_usd=float(rest),
    )
    if held and spent + amount <= cap:
        raise CapReserved(refusal)
    raise refusal


def _usd(amount: Decimal) -> str:
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents}" if cents == amount else f"${amount:.4f}"


async def lock_call(session: AsyncSession, call_id: str) -> ModelCall | None:
    """Return a call's row, if it was written, its task locked first as in every move."""
    task_id = select(ModelCall.task_id).where(ModelCall.id == call_id).scalar_subquery()
    await session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
    found = await session.execute(
        select(ModelCall).where(ModelCall.id == call_id).execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def move_money(session: AsyncSession, call: ModelCall, cost: Decimal) -> None:
    """Turn the call's reservation, or what it was counted at, into what it cost.

    A call dearer than its reservation counts for no more than the cap has left: its reply must not
    be lost to the constraint on the cap. Its row keeps the whole cost.
    """
    was_open = call.status == "intent"
    released = call.reserved_usd if was_open else ZERO
    counted = ZERO if was_open else (call.cost_usd or ZERO)
    await session.execute(
        update(Task)
        .where(Task.id == call.task_id)
        .values(
            reserved_usd=Task.reserved_usd - released,
            spent_usd=func.least(
                Task.spent_usd + cost - counted, Task.cap_usd - Task.reserved_usd + released
            ),
        )
        .execution_options(synchronize_session=False)
    )


async def count_at_worst(session: AsyncSession, call: ModelCall, reason: str) -> None:
    """Count an open call as spent at its worst case: it may have been billed."""
    await move_money(session, call, call.reserved_usd)
    call.status, call.cost_usd = "unknown", call.reserved_usd
    call.error = reason[:500]
    call.settled_at = utc_now()


async def count_open_calls(session: AsyncSession, task_id: str, step_key: str | None = None) -> int:
    """Count the open calls that nobody will settle at their worst; return how many.

    They are those of a step's earlier attempts, or without `step_key` those of the whole task.
    """
    of_task = select(ModelCall).where(ModelCall.task_id == task_id, ModelCall.status == "intent")
    found = await session.execute(
        of_task if step_key is None else of_task.where(ModelCall.step_key == step_key)
    )
    calls = found.scalars().all()
    for call in calls:
        await count_at_worst(session, call, "in flight when its worker was lost")
    return len(calls)
