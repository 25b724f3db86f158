"""Quantiles of what steps take, from a few runs, and of what a whole plan takes, by simulation.

A forecast is three quantiles. Between and beyond them it is read as a log-normal distribution with
a scale of its own on each side of the median: what work takes is skewed to the right.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from app.schemas.plan import Range

Values = NDArray[np.float64]

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
# With this many runs the prior weighs as much as they do; its weight falls with their square. A
# spread is known later than a median. (Chosen so that intervals hold from five runs on, also
# where the prior is far off.)
PRIOR_RUNS_OF_MEDIAN = 1
PRIOR_RUNS_OF_SPREAD = 3
# Odd, so that the middle draw is the median itself.
DRAWS = 2001
SEED = 20_260_301
# Logarithms need something: a run that took nothing counts as this share of the prior.
LEAST_SHARE = 0.001
_NORMAL = NormalDist()
_Z_HIGH = _NORMAL.inv_cdf(HIGH)


def prior_range(median: float, spread: float) -> Range:
    """Return a forecast around `median`; `spread` is the 90th percentile over the median."""
    return Range(p10=median / spread, p50=median, p90=median * spread)


def learned_range(runs: Sequence[float], prior: Range) -> Range:
    """Return the forecast that `runs` and a prior give together.

    The runs' quantiles are ranks p (n + 1) of the ordered runs: of n + 1 runs like each other the
    next one is equally likely to take any rank, which is what makes the interval hold (Vovk,
    Gammerman & Shafer, "Algorithmic Learning in a Random World", 2005, ch. 2). Median and spreads
    are then drawn towards the prior's, in logarithms, by weights that fall with n squared.
    """
    if prior.p50 <= 0:
        return _plain_range(runs)
    logs = np.log(np.maximum(np.asarray(runs, dtype=float), prior.p50 * LEAST_SHARE))
    low, middle, high = np.quantile(logs, [LOW, MIDDLE, HIGH], method="weibull")
    prior_low, prior_middle, prior_high = np.log(np.array([prior.p10, prior.p50, prior.p90]))
    own = _own_weight(len(runs), PRIOR_RUNS_OF_MEDIAN)
    median = own * middle + (1 - own) * prior_middle
    own = _own_weight(len(runs), PRIOR_RUNS_OF_SPREAD)
    below = own * (middle - low) + (1 - own) * (prior_middle - prior_low)
    above = own * (high - middle) + (1 - own) * (prior_high - prior_middle)
    return _range(np.exp([median - below, median, median + above]))


def combined_range(
    steps: Sequence[Range], parents: Mapping[int, Sequence[int]] | None, correlation: float
) -> Range:
    """Return the forecast of a plan from those of its steps, by simulation with a fixed seed.

    With `parents` (for each step the steps it waits for, all by number, in an order in which they
    can be done) the plan takes its longest way; with None it takes the sum. `correlation` is that
    of two steps of one run: all share one common factor, such as the provider's speed in that hour.
    """
    if not steps:
        return Range(p10=0, p50=0, p90=0)
    scores = _scores(len(steps), round(correlation, 3))
    drawn = [_draws(step, score) for step, score in zip(steps, scores, strict=True)]
    total = np.sum(drawn, axis=0) if parents is None else _longest_way(drawn, parents)
    found: Values = np.quantile(total, [LOW, MIDDLE, HIGH])
    # A plan takes at least what each of its steps takes; the simulation is that exact only nearly.
    least = [max(getattr(step, name) for step in steps) for name in ("p10", "p50", "p90")]
    return _range(np.maximum(found, least))


def normal_scores(values: Sequence[float]) -> list[float]:
    """Return, for each value, the standard normal quantile of its rank."""
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    scores = [0.0] * len(values)
    for rank, index in enumerate(order):
        scores[index] = _NORMAL.inv_cdf((rank + 0.5) / len(values))
    return scores


def _own_weight(runs: int, prior_runs: int) -> float:
    return runs**2 / (runs**2 + prior_runs**2)


def _plain_range(runs: Sequence[float]) -> Range:
    return _range(np.quantile(np.asarray(runs, dtype=float), [LOW, MIDDLE, HIGH], method="weibull"))


def _range(quantiles: Values) -> Range:
    low, middle, high = (float(value) for value in quantiles)
    return Range(p10=min(low, middle), p50=middle, p90=max(middle, high))


@lru_cache(maxsize=1)
def _even_scores() -> Values:
    return np.array([_NORMAL.inv_cdf((draw + 0.5) / DRAWS) for draw in range(DRAWS)])


@lru_cache(maxsize=64)
def _scores(count: int, correlation: float) -> tuple[Values, ...]:
    # Each step's draws are spread evenly over its own distribution (Latin hypercube: McKay, Beckman
    # & Conover, 1979), in an order that carries the common factor, so a plan of one step has the
    # quantiles of that step.
    random = np.random.default_rng(SEED)
    common = random.standard_normal(DRAWS)
    scores = []
    for _ in range(count):
        own = random.standard_normal(DRAWS)
        joint = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
        ranks = np.argsort(np.argsort(joint))
        scores.append(_even_scores()[ranks])
    return tuple(scores)


def _draws(step: Range, scores: Values) -> Values:
    if step.p50 <= 0:
        return np.maximum(scores, 0) * (step.p90 / _Z_HIGH)
    above = log(max(step.p90, step.p50) / step.p50)
    below = log(step.p50 / step.p10) if 0 < step.p10 <= step.p50 else above
    spread: Values = np.where(scores < 0, below, above)
    drawn: Values = step.p50 * np.exp(spread * scores / _Z_HIGH)
    return drawn


def _longest_way(drawn: Sequence[Values], parents: Mapping[int, Sequence[int]]) -> Values:
    finish: dict[int, Values] = {}
    for step, before in parents.items():
        start = np.max([finish[parent] for parent in before], axis=0) if before else 0.0
        finish[step] = drawn[step] + start
    longest: Values = np.max(list(finish.values()), axis=0)
    return longest
