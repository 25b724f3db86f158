"""The ledger of paid calls, which is also the journal that makes a replay free.

A call is three moves: (1) find its recorded reply, or reserve the worst case and write the intent
in one transaction; (2) send; (3) store the reply and settle in one transaction. A crash between
them leaves an intent, whose reservation stays counted as spent until a late reply settles it.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.errors import BudgetExceeded, StepLoops
from app.agents.ledger_port import (
    CallElsewhere,
    ModelReply,
    ModelRequest,
    Send,
    SendFault,
    SendRejected,
    quantise_usd,
)
from app.core.clock import monotonic_s
from app.core.ids import new_id
from app.core.logging import get_logger
from app.engine import call_statements
from app.engine.completion import complete
from app.engine.desk import CallIntent, LedgerDesk, Opening, Settlement
from app.engine.errors import Stale, StepChanged
from app.engine.outage import outlast

ZERO = Decimal(0)
# Reservations are worst cases, several times the real cost: most of what is held comes back soon.
RESERVATIONS_WAIT_S = 180.0
RESERVATIONS_LOOK_S = 0.25
# A step that asks the same thing again and again gets the same answer and pays each time.
SAME_REQUESTS = 5
COUNT_OPEN = text(call_statements.COUNT_OPEN)
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

    def __init__(self, desk: LedgerDesk, hold: StepHold) -> None:
        self._desk = desk
        self._hold = hold
        self._next_seq = hold.first_seq
        self._unanswered: tuple[tuple[str, ...], int] | None = None
        self._answered: Counter[tuple[str, ...]] = Counter()

    async def call(self, request: ModelRequest, reserve_usd: Decimal, send: Send) -> ModelReply:
        """Return the recorded reply, or reserve, send and record; see `ModelLedger`.

        Raises:
            StepLoops: The step has had an answer to this very request too often.
        """
        if self._answered[request.call_hashes] >= SAME_REQUESTS:
            raise StepLoops(
                f"The step asked its model the same thing {SAME_REQUESTS} times and was stopped "
                "before it paid again; change its instructions or its model."
            )
        reply = await self._reply(request, quantise_usd(reserve_usd), send)
        self._unanswered = None
        self._answered[request.call_hashes] += 1
        return reply

    async def _reply(self, request: ModelRequest, reserve: Decimal, send: Send) -> ModelReply:
        seq = self._number(request)
        intent = CallIntent(
            call_id=new_id(),
            task_id=self._hold.task_id,
            step_id=self._hold.step_id,
            step_key=self._hold.step_key,
            attempt=self._hold.attempt,
            seq=seq,
            operation=request.operation,
            model=request.model,
            request_hash=request.request_hash,
            models=list(request.models),
            call_hashes=list(request.call_hashes),
            request=request.model_dump_json(),
            reserve=reserve,
        )
        recorded = await self._find_or_reserve(intent)
        if recorded is not None:
            return recorded
        try:
            reply = await send(self._key(request, seq))
        except SendRejected as failure:
            await self._settle(rejected(intent.call_id, failure.message))
            raise
        except BaseException as failure:
            await self._settle(unknown(intent.call_id, str(failure) or type(failure).__name__))
            raise
        await self._settle(answered(intent.call_id, reply))
        if reply.cost_usd > reserve:
            log.warning("call_above_its_reservation", call_id=intent.call_id, model=request.model)
        return reply

    async def _find_or_reserve(self, intent: CallIntent) -> ModelReply | None:
        deadline_s = monotonic_s() + RESERVATIONS_WAIT_S
        while True:
            try:
                opening = await complete(outlast(lambda: self._desk.open(intent)))
            except asyncio.CancelledError:
                await self._settle(rejected(intent.call_id, "cancelled before it was sent"))
                raise
            if opening.outcome != "capped":
                return self._recorded(opening, intent)
            refusal = refusal_of(opening, intent.reserve)
            if not may_come_free(opening, intent.reserve) or monotonic_s() >= deadline_s:
                raise refusal
            await asyncio.sleep(RESERVATIONS_LOOK_S)

    def _recorded(self, opening: Opening, intent: CallIntent) -> ModelReply | None:
        if opening.outcome == "stale":
            raise Stale(f"Attempt {intent.attempt} no longer holds {intent.step_key}.")
        if opening.outcome == "changed":
            raise StepChanged(
                f"Call {intent.seq} of step {intent.step_key} differs from the one recorded; "
                "the program changed in between. Start the task anew."
            )
        if opening.outcome == "elsewhere":
            raise CallElsewhere(opening.model or intent.model)
        if opening.outcome == "passed":
            # The step went on from this call without a reply: it had asked for too much.
            raise SendRejected("refused as recorded", fault=SendFault.CONTEXT_TOO_LONG)
        if opening.outcome == "recorded":
            return ModelReply.model_validate(opening.reply)
        return None

    async def _settle(self, settlement: Settlement) -> None:
        # To its end: a second cancellation must not leave the reservation open.
        await complete(outlast(lambda: self._desk.settle(settlement)))

    def _number(self, request: ModelRequest) -> int:
        if self._unanswered is not None and self._unanswered[0] == request.call_hashes:
            return self._unanswered[1]
        seq = self._next_seq
        self._next_seq += 1
        self._unanswered = (request.call_hashes, seq)
        return seq

    def _key(self, request: ModelRequest, seq: int) -> str:
        # A fallback's sends have a key of their own: another model must not be given this answer.
        place = request.models.index(request.model)
        key = f"{self._hold.task_id}:{self._hold.step_key}:{seq}"
        return f"{key}:{place}" if place else key


def answered(call_id: str, reply: ModelReply) -> Settlement:
    """Return the settlement of a call with its reply."""
    return Settlement(
        call_id=call_id,
        status="done",
        cost=reply.cost_usd,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        reply=reply.model_dump_json(),
    )


def rejected(call_id: str, reason: str) -> Settlement:
    """Return the settlement of a call that was certainly not billed."""
    return Settlement(call_id=call_id, status="rejected", cost=ZERO, error=reason)


def unknown(call_id: str, reason: str) -> Settlement:
    """Return the settlement of a call that may have been billed: its worst case is spent."""
    return Settlement(call_id=call_id, status="unknown", error=reason)


def may_come_free(opening: Opening, amount: Decimal) -> bool:
    """Whether only calls in flight hold what is needed: then it is worth waiting for them."""
    cap, spent, held = opening.cap or ZERO, opening.spent or ZERO, opening.held or ZERO
    return held > 0 and spent + amount <= cap


def refusal_of(opening: Opening, amount: Decimal) -> BudgetExceeded:
    """Return the error that says which cap stands in the way, and how to go on."""
    cap, spent, held = opening.cap or ZERO, opening.spent or ZERO, opening.held or ZERO
    left = cap - spent - held
    name, way_out = CAPS[opening.scope or "task"]
    return BudgetExceeded(
        f"The next model call may cost {_usd(amount)} but only {_usd(left)} of {name} of "
        f"{_usd(cap)} is left; {way_out}",
        cap_usd=float(cap),
        left_usd=float(left),
        scope=opening.scope,
    )


CAPS = {
    "step": ("the step's cap", "raise it in the plan, or raise the cap to go on."),
    "task": ("the cap", "raise the cap to go on."),
    "user_day": ("your daily cap", "raise it, or resume tomorrow (UTC)."),
}


def _usd(amount: Decimal) -> str:
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents}" if cents == amount else f"${amount:.4f}"


async def count_open_calls(session: AsyncSession, task_id: str, step_key: str | None = None) -> int:
    """Count the open calls that nobody will settle at their worst; return how many.

    They are those of a step's earlier attempts, or without `step_key` those of the whole task. The
    caller has locked the task's row.
    """
    counted = await session.execute(COUNT_OPEN, {"task_id": task_id, "step_key": step_key})
    return int(counted.scalar_one())
