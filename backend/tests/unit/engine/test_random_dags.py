"""Thousands of random plans in simulation: whatever happens, no purse is overdrawn and all ends."""

from collections import Counter
from decimal import Decimal

import pytest

from app.agents.transitions import ENDED_STEPS, ENDED_TASKS, TaskStatus
from app.agents.types import StepStatus
from tests.factories.random_dags import DagDice
from tests.factories.simulated_run import SimulatedRun

SOME, MANY = 300, 10_000
# Everything that may happen has happened in a run of this many.
HAPPENINGS = {
    "answered",
    "rejected",
    "unknown",
    "task_fails",
    "replayed",
    "worker died",
    "settled late",
    "waited for others",
    "stopped at the cap of step",
    "stopped at the cap of task",
    "stopped at the cap of user_day",
    "paused",
    "resumed",
}


def run_one(seed: str) -> SimulatedRun:
    dice = DagDice(seed)
    run = SimulatedRun(dice.dag(), dice)
    run.run()
    return run


def check_end(run: SimulatedRun) -> None:
    """Check that nothing is left waiting, held or uncounted."""
    assert run.status in ENDED_TASKS
    assert run.outcome is not None
    assert set(run.statuses.values()) <= ENDED_STEPS
    assert run.outcome.census == Counter(run.statuses.values())
    costs = sum((sent.cost for sent in run.money.sent.values()), Decimal(0))
    assert run.money.task.sums == run.money.day.sums == (costs, Decimal(0))
    for key, purse in run.money.steps.items():
        cost = sum((s.cost for s in run.money.sent.values() if s.step == key), Decimal(0))
        assert purse.sums == (cost, Decimal(0))
    assert run.status is not TaskStatus.DONE or StepStatus.BLOCKED not in run.statuses.values()


def check_many(seed: int, count: int) -> None:
    seen: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for number in range(count):
        each = f"{seed}:{number}"
        try:
            run = run_one(each)
            check_end(run)
        except Exception as error:
            error.add_note(f"DagDice seed {each!r}")
            raise
        seen += run.seen
        ends[run.status] += 1
    assert seen.keys() >= HAPPENINGS, HAPPENINGS - seen.keys()
    assert {TaskStatus.DONE, TaskStatus.FAILED} <= ends.keys()


class TestRandomDags:
    def test_some_hundreds_never_pass_a_cap_and_all_end(self, fault_seed: int) -> None:
        check_many(fault_seed, SOME)

    @pytest.mark.faults
    @pytest.mark.timeout(900)
    def test_ten_thousand_never_pass_a_cap_and_all_end(
        self, fault_seed: int, fault_share: float
    ) -> None:
        check_many(fault_seed, max(SOME, round(MANY * fault_share)))
