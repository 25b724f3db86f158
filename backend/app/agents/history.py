"""What steps took when they were run: the actuals that quotes are learned from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import log

from app.agents.forecast import normal_scores
from app.agents.ledger_port import Price
from app.schemas.plan import AgentName, Complexity, PlanStep

# Fewer like steps say less than the priors do.
MIN_RUNS = 5
# Newer runs replace older ones: models and material change.
KEPT_RUNS = 100
# Without enough runs to tell, steps of one plan are taken to go together this much.
PRIOR_CORRELATION = 0.3
PRIOR_CORRELATION_RUNS = 10
MOST_CORRELATION = 0.95
SMALL_SOURCE_CHARACTERS = 2_000
BUCKET_FACTOR = 4

Cell = tuple[AgentName, Complexity, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepActual:
    """What one finished step took, all its tries together.

    `uncertain_usd` is what calls without a known outcome were counted at; their tokens are unknown.
    """

    task_id: str
    agent: AgentName
    complexity: Complexity
    source_characters: int
    time_s: float
    input_tokens: int = 0
    output_tokens: int = 0
    uncertain_usd: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input_tokens + self.output_tokens

    def cost_usd(self, price: Price | None) -> float:
        """Return what these tokens cost at a price of today, in dollars."""
        known = price.cost_usd(self.input_tokens, self.output_tokens) if price else Decimal(0)
        return float(known + self.uncertain_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """How much two steps of one run go together in time and in tokens (and so in cost)."""

    time_s: float = PRIOR_CORRELATION
    tokens: float = PRIOR_CORRELATION


class History:
    """One user's actuals with one model, newest first."""

    def __init__(self, actuals: Iterable[StepActual] = ()) -> None:
        self._cells: dict[Cell, list[StepActual]] = defaultdict(list)
        for actual in actuals:
            cell = (actual.agent, actual.complexity, size_bucket(actual.source_characters))
            if len(self._cells[cell]) < KEPT_RUNS:
                self._cells[cell].append(actual)

    def like(self, step: PlanStep, source_characters: int) -> Sequence[StepActual]:
        """Return the runs of like steps: same agent, complexity and size of the material.

        It is empty when there are too few of them to learn from.
        """
        cell = (step.agent, step.complexity, size_bucket(source_characters))
        found = self._cells.get(cell, [])
        return found if len(found) >= MIN_RUNS else []

    @cached_property
    def correlation(self) -> Correlation:
        """How much the steps of one run went together."""
        return Correlation(
            time_s=self._correlation_of(lambda actual: actual.time_s),
            tokens=self._correlation_of(lambda actual: actual.tokens),
        )

    def _correlation_of(self, measure: Callable[[StepActual], float]) -> float:
        # The mean product of the rank scores of each two steps of a run.
        scores: dict[str, list[float]] = defaultdict(list)
        for runs in self._cells.values():
            values = [measure(run) for run in runs]
            if len(runs) < MIN_RUNS or len(set(values)) == 1:
                continue
            for run, score in zip(runs, normal_scores(values), strict=True):
                scores[run.task_id].append(score)
        joint = [of_run for of_run in scores.values() if len(of_run) > 1]
        pairs = sum(len(s) * (len(s) - 1) / 2 for s in joint)
        if not pairs:
            return PRIOR_CORRELATION
        products = sum((sum(s) ** 2 - sum(x * x for x in s)) / 2 for s in joint)
        own = len(joint) ** 2 / (len(joint) ** 2 + PRIOR_CORRELATION_RUNS**2)
        found = own * products / pairs + (1 - own) * PRIOR_CORRELATION
        return min(max(found, 0.0), MOST_CORRELATION)


NO_HISTORY = History()


def size_bucket(source_characters: int) -> int:
    """Return the class of size: 0 up to 2,000 characters, one more for each four-fold."""
    if source_characters <= SMALL_SOURCE_CHARACTERS:
        return 0
    return 1 + int(log(source_characters / SMALL_SOURCE_CHARACTERS, BUCKET_FACTOR))
