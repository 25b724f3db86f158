"""Random plans with random caps, and what becomes of each paid call in them, from a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from random import Random

from app.schemas.plan import ExecutionPlan
from tests.factories.engine import make_plan, make_step

CENT = Decimal("0.01")
MOST_STEPS, MOST_CALLS = 12, 4


class Fate(StrEnum):
    """What becomes of a send, or of the step around it."""

    ANSWERED = "answered"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    TASK_FAILS = "task_fails"


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomDag:
    """A plan, the caps of its task and its owner's day, and the worst case of each step's calls."""

    plan: ExecutionPlan
    task_cap: Decimal
    day_cap: Decimal | None
    reserves: Mapping[str, tuple[Decimal, ...]]

    @property
    def worst_usd(self) -> Decimal:
        """What all calls may cost together when each is sent once."""
        return sum((sum(each, Decimal(0)) for each in self.reserves.values()), Decimal(0))


class DagDice:
    """Throws DAGs and fates. The same seed throws the same ones."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)

    def chance(self, share: float) -> bool:
        """Return true in that share of the throws."""
        return self.random.random() < share

    def dag(self) -> RandomDag:
        """Return a DAG of up to `MOST_STEPS` steps; tight caps are as likely as wide ones."""
        keys = [f"s{number}" for number in range(self.random.randint(1, MOST_STEPS))]
        reserves = {key: self._reserves() for key in keys}
        steps = [
            make_step(
                key,
                *self._some(keys[:number]),
                after=tuple(self._some(keys[:number], share=0.1)),
                required=self.chance(0.7),
                cap_usd=self._step_cap(reserves[key]),
            )
            for number, key in enumerate(keys)
        ]
        self.random.shuffle(steps)
        worst = sum((sum(each, Decimal(0)) for each in reserves.values()), CENT)
        return RandomDag(
            plan=make_plan(steps),
            task_cap=self._cap(worst, share=1.0) or CENT,
            day_cap=self._cap(worst, share=0.4),
            reserves=reserves,
        )

    def fate(self) -> Fate:
        """Return the end of a send."""
        return self.random.choices(list(FATES), list(FATES.values()))[0]

    def cost(self, reserve: Decimal) -> Decimal:
        """Return what an answered send costs: at most its worst case."""
        return (reserve * self.random.randint(0, 100) / 100).quantize(Decimal("1e-8"))

    def _reserves(self) -> tuple[Decimal, ...]:
        return tuple(
            CENT * self.random.randint(0, 40) for _ in range(self.random.randint(0, MOST_CALLS))
        )

    def _some(self, keys: list[str], share: float = 0.3) -> list[str]:
        return [key for key in keys if self.chance(share)]

    def _step_cap(self, reserves: tuple[Decimal, ...]) -> float | None:
        cap = self._cap(sum(reserves, Decimal(0)), share=0.3)
        return None if cap is None else float(cap)

    def _cap(self, worst: Decimal, *, share: float) -> Decimal | None:
        if not self.chance(share):
            return None
        return (worst * self.random.randint(0, 250) / 100).quantize(CENT)


FATES = {Fate.ANSWERED: 80, Fate.REJECTED: 8, Fate.UNKNOWN: 8, Fate.TASK_FAILS: 4}
