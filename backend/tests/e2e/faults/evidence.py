"""What the rows and the model server's own bill say of tasks, and whether promises were kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from app.agents.transitions import ENDED_STEPS, ENDED_TASKS, TaskStatus
from app.agents.types import StepStatus
from tests.factories.scripted_behaviour import BilledCall, read_bill

TASKS = """
SELECT id::text, status, spent_usd, reserved_usd, cap_usd FROM tasks WHERE id = ANY(%s::uuid[])
"""
STEPS = """
SELECT task_id::text, key, status, reserved_usd, worker_deaths, attempt FROM agent_tasks
WHERE task_id = ANY(%s::uuid[])
"""
CALLS = """
SELECT task_id || ':' || step_key || ':' || seq, status, cost_usd, created_at, settled_at
FROM model_calls WHERE task_id = ANY(%s::uuid[]) ORDER BY task_id, step_key, seq, send
"""
TAKEOVERS = """
SELECT task_id || ':' || step_key, created_at FROM task_events
WHERE task_id = ANY(%s::uuid[]) AND kind = 'step.requeued' AND payload ->> 'code' = 'worker_lost'
"""
FILES = "SELECT task_id::text, name, sha256 FROM artifacts WHERE task_id = ANY(%s::uuid[])"
HELD = "SELECT count(*) FROM spend_limits WHERE reserved_usd <> 0"
OVER_CAP = """
SELECT (SELECT count(*) FROM tasks WHERE spent_usd + reserved_usd > cap_usd)
     + (SELECT count(*) FROM agent_tasks WHERE spent_usd + reserved_usd > cap_usd)
     + (SELECT count(*) FROM spend_limits WHERE spent_usd + reserved_usd > cap_usd)
"""


@dataclass(frozen=True, kw_only=True)
class Send:
    """One send of a call, by the ledger."""

    status: str
    cost_usd: Decimal
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What stood before a fault: recorded calls, and how often each call had been billed."""

    recorded: frozenset[str]
    billed: Counter[str]


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a fault began and when it was over."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What tasks come to that nothing disturbed: their files, their calls, how long they took."""

    files: Mapping[str, str]
    calls: frozenset[str]
    duration_s: float


class Evidence:
    """Reads a database and a bill for some tasks."""

    def __init__(self, url: str, bill: Path, task_ids: Sequence[str]) -> None:
        self._url = url
        self._bill = bill
        self.task_ids = list(task_ids)

    def are_over(self) -> bool:
        """Whether every task has ended; no cap may be passed at any look."""
        ((over,),) = self._query(OVER_CAP)
        assert over == 0, "a cap was passed"
        return all(row[1] in ENDED_TASKS for row in self._query(TASKS, self.task_ids))

    def known(self) -> Known:
        """Return what stands now: the recorded calls first, then the bill."""
        recorded = {
            key
            for key, sends in self._sends().items()
            if any(send.status == "done" for send in sends)
        }
        return Known(recorded=frozenset(recorded), billed=self._billed())

    def statuses(self) -> list[str]:
        """Return the status of each task."""
        return [str(row[1]) for row in self._query(TASKS, self.task_ids)]

    def files(self, task_id: str) -> dict[str, str]:
        """Return the hash of each file of a task, by name."""
        return {str(name): str(sha256) for _, name, sha256 in self._query(FILES, [task_id])}

    def calls(self, task_id: str) -> frozenset[str]:
        """Return the billed calls of a task, without the task's own part of their keys."""
        start = f"{task_id}:"
        return frozenset(k.removeprefix(start) for k in self._billed() if k.startswith(start))

    def worker_deaths(self) -> int:
        """Return the most often that one step was lost with its worker."""
        return max(int(row[4]) for row in self._query(STEPS, self.task_ids))

    def check_tasks(self, undisturbed: Undisturbed, *, ends: frozenset[str]) -> None:
        """Every task has a right end, and one that is done made what an undisturbed one makes."""
        for task_id, status, *_ in self._query(TASKS, self.task_ids):
            assert status in ends, f"{task_id} is {status}"
            if status == TaskStatus.DONE:
                assert self.files(task_id) == undisturbed.files, task_id
                assert self.calls(task_id) == undisturbed.calls, task_id
        for task_id, key, status, _, deaths, attempt in self._query(STEPS, self.task_ids):
            assert status in ENDED_STEPS, f"{task_id}:{key} is {status}"
            # Each attempt is lost once at most, and the last one of a finished step was not lost.
            lost = attempt - (1 if status == StepStatus.DONE else 0)
            assert deaths <= lost, f"{task_id}:{key} was taken over twice at once"

    def check_money(self) -> None:
        """Nothing stays reserved, and the ledger counts at least what was billed."""
        sends = self._sends()
        for task_id, _, spent, reserved, cap in self._query(TASKS, self.task_ids):
            billed = sum((Decimal(c.cost_usd) for c in self._bill_of(task_id)), Decimal(0))
            start = f"{task_id}:"
            own = [send for key, all_ in sends.items() if key.startswith(start) for send in all_]
            ledger = sum((send.cost_usd for send in own), Decimal(0))
            assert billed <= ledger, f"{task_id}: billed {billed}, in the ledger {ledger}"
            assert billed <= spent <= cap, f"{task_id}: billed {billed}, spent {spent}"
            assert reserved == 0, f"{task_id} holds {reserved}"
            assert all(send.status != "intent" for send in own), task_id
        assert all(row[3] == 0 for row in self._query(STEPS, self.task_ids))
        ((held,),) = self._query(HELD)
        assert held == 0, "a limit still holds a reservation"

    def check_repeats(self, before: Known, window: Window) -> int:
        """A recorded call was not made again, another only if in flight; return how many were.

        In flight at the fault, or at a takeover: where processes starve, a live worker may be
        silent for longer than a shortened lease, and no test judges by how fast a machine is.
        """
        billed, sends = self._billed(), self._sends()
        again = [key for key in before.recorded if billed[key] > before.billed[key]]
        assert again == [], f"recorded, and made again: {again}"
        takeovers: dict[str, list[datetime]] = defaultdict(list)
        for step, lost_at in self._query(TAKEOVERS, self.task_ids):
            takeovers[step].append(lost_at)
        repeated = {key: count for key, count in billed.items() if count > 1}
        for key, count in repeated.items():
            assert count <= len(sends[key]), f"{key}: {count} times, {len(sends[key])} sends"
            for send, following in zip(sends[key], sends[key][1:], strict=False):
                was_recorded = (
                    send.status == "done"
                    and send.settled_at is not None
                    and send.settled_at < following.created_at
                )
                assert not was_recorded, f"{key} was sent again after its reply was recorded"
                again_from, again_to = send.created_at, following.created_at
                step = key.rpartition(":")[0]
                assert (again_from <= window.ends_at and again_to >= window.starts_at) or any(
                    again_from <= lost_at <= again_to for lost_at in takeovers[step]
                ), f"{key} was not in flight at the fault"
        return sum(count - 1 for count in repeated.values())

    def _sends(self) -> dict[str, list[Send]]:
        sends: dict[str, list[Send]] = {}
        for key, status, cost, created_at, settled_at in self._query(CALLS, self.task_ids):
            send = Send(
                status=status,
                cost_usd=cost or Decimal(0),
                created_at=created_at,
                settled_at=settled_at,
            )
            sends.setdefault(key, []).append(send)
        return sends

    def _billed(self) -> Counter[str]:
        starts = tuple(f"{task_id}:" for task_id in self.task_ids)
        keys = (call.idempotency_key for call in read_bill(self._bill))
        return Counter(key for key in keys if key.startswith(starts))

    def _bill_of(self, task_id: str) -> list[BilledCall]:
        start = f"{task_id}:"
        return [c for c in read_bill(self._bill) if c.idempotency_key.startswith(start)]

    def _query(self, statement: str, task_ids: Sequence[str] | None = None) -> list[Any]:
        values = None if task_ids is None else [list(task_ids)]
        with psycopg.connect(self._url, connect_timeout=5) as connection:
            return connection.execute(statement.encode(), values).fetchall()
