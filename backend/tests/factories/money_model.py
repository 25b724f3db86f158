"""The rule of caps in a few lines of Python, beside which the database's statements are held.

It is written from what the rule promises, not from the statements: what is needed must be free in
all purses; an open call's worst case stays held until it is settled, or counted as spent.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from app.engine.desk import Opening

ZERO = Decimal(0)
Sums = tuple[Decimal, Decimal]


@dataclass(slots=True, kw_only=True)
class Purse:
    """What one scope may spend, has spent and holds, in dollars. No `cap`: counted, not bounded."""

    scope: str
    cap: Decimal | None = None
    spent: Decimal = ZERO
    held: Decimal = ZERO

    def has(self, amount: Decimal) -> bool:
        """Whether `amount` is free."""
        return self.cap is None or self.used + amount <= self.cap

    @property
    def used(self) -> Decimal:
        """What is spent or held."""
        return self.spent + self.held

    @property
    def sums(self) -> Sums:
        """What is spent, and what is held."""
        return self.spent, self.held


@dataclass(slots=True, kw_only=True)
class Sent:
    """One send: whose it is, what is held for it, and what it is counted at."""

    step: str
    seq: int
    held: Decimal
    status: str = "intent"
    cost: Decimal = ZERO


@dataclass(slots=True, kw_only=True)
class MoneyModel:
    """The purses of one task, its steps and its owner's day, and the sends they pay for."""

    steps: dict[str, Purse]
    task: Purse
    day: Purse
    sent: dict[str, Sent] = field(default_factory=dict)

    @property
    def purses(self) -> tuple[Purse, ...]:
        """All purses."""
        return (*self.steps.values(), self.task, self.day)

    def paying(self, step: str) -> tuple[Purse, ...]:
        """Return the purses that pay for a step, the narrowest first."""
        return self.steps[step], self.task, self.day

    def open(self, call_id: str, step: str, seq: int, amount: Decimal) -> Opening:
        """Hold `amount` in all purses, or say which has it not.

        Neither a recorded call costs anything, nor one that was refused and left behind.
        """
        sends = [s for s in self.sent.values() if (s.step, s.seq) == (step, seq)]
        if any(s.status == "done" for s in sends):
            return opening("recorded")
        went_on = any((s.step, s.seq) == (step, seq + 1) for s in self.sent.values())
        if sends and sends[-1].status == "rejected" and went_on:
            return opening("passed")
        for purse in self.paying(step):
            if not purse.has(amount):
                return opening("capped", purse)
        for purse in self.paying(step):
            purse.held += amount
        self.sent[call_id] = Sent(step=step, seq=seq, held=amount)
        return opening("opened")

    def settle(self, call_id: str, status: str, cost: Decimal | None = None) -> None:
        """Turn what is held for a send, or what it was counted at, into what it cost."""
        sent = self.sent.get(call_id)
        if sent is None or sent.status in {"done", "rejected"} or sent.status == status:
            return
        released, counted = (sent.held, ZERO) if sent.status == "intent" else (ZERO, sent.cost)
        sent.status, sent.cost = status, sent.held if cost is None else cost
        for purse in self.paying(sent.step):
            purse.held -= released
            purse.spent += sent.cost - counted
            if purse.cap is not None:
                # A send dearer than its reservation counts for no more than is left.
                purse.spent = min(purse.spent, purse.cap - purse.held)

    def count_open(self, step: str | None = None) -> None:
        """Count the open sends of a step, or of all, at their worst: nobody will settle them."""
        for call_id, sent in self.sent.items():
            if sent.status == "intent" and step in {None, sent.step}:
                self.settle(call_id, "unknown")

    def check(self) -> None:
        """Check that no purse holds less than nothing or more than its cap."""
        for purse in self.purses:
            assert purse.spent >= 0, purse
            assert purse.held >= 0, purse
            assert purse.has(ZERO), purse


def opening(outcome: str, purse: Purse | None = None) -> Opening:
    """Return what a desk would say."""
    return Opening(
        outcome=outcome,
        reply=None,
        model=None,
        scope=purse.scope if purse else None,
        cap=purse.cap if purse else None,
        spent=purse.spent if purse else None,
        held=purse.held if purse else None,
    )
