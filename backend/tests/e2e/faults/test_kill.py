"""kill -9 at random moments of a twelve-step task: it finishes by itself and pays nothing twice."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.faults.rig import FaultRig

A_HANDFUL = 3
MANY = 100


@dataclass(frozen=True)
class Undisturbed:
    """What a run that nobody killed made, and how long it took."""

    files: dict[str, str]
    duration_s: float


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory, repository_root: Path) -> Iterator[FaultRig]:
    source = repository_root / "samples" / "en" / "strategy_memo.md"
    with FaultRig(tmp_path_factory.mktemp("faults"), source) as opened:
        yield opened


@pytest.fixture(scope="module")
def undisturbed(rig: FaultRig) -> Undisturbed:
    task_id = rig.add_task()
    duration_s = rig.run_to_end(task_id)
    return Undisturbed(dict(rig.files_of(task_id)), duration_s)


def check_trials(rig: FaultRig, undisturbed: Undisturbed, *, count: int, seed: int) -> None:
    moments = random.Random(seed)
    assert len(undisturbed.files) == 7
    for number in range(count):
        delay_s = moments.uniform(0, undisturbed.duration_s)
        outcome = rig.trial(rig.add_task(), delay_s)
        said = f"trial {number}, killed after {delay_s:.3f} s: {outcome}"
        assert outcome.status == "done", said
        assert outcome.files == undisturbed.files, said
        assert outcome.repeated == [], said
        assert outcome.ledger_usd >= outcome.billed_usd > 0, said


@pytest.mark.timeout(600)
class TestKill:
    def test_at_a_few_random_moments_loses_and_repeats_nothing(
        self, rig: FaultRig, undisturbed: Undisturbed, fault_seed: int
    ) -> None:
        check_trials(rig, undisturbed, count=A_HANDFUL, seed=fault_seed)

    @pytest.mark.faults
    @pytest.mark.timeout(3600)
    def test_at_a_hundred_random_moments_loses_and_repeats_nothing(
        self, rig: FaultRig, undisturbed: Undisturbed, fault_seed: int, fault_share: float
    ) -> None:
        count = max(1, round(MANY * fault_share))
        check_trials(rig, undisturbed, count=count, seed=fault_seed + 1)
