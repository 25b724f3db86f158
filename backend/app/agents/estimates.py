"""What steps are expected to take: time, cost, tokens.

The priors below are medians of our own runs of each agent on the sample goals; the spread to the
90th percentile is wide on purpose until recorded actuals replace them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.dag import critical_path_s
from app.agents.ledger_port import Price
from app.schemas.plan import AgentName, Complexity, PlanStep, Quote, Range

MULTIPLIERS = {Complexity.LOW: 0.7, Complexity.MEDIUM: 1.0, Complexity.HIGH: 1.5}
P90_OVER_P50 = 1.8
# Characters of source text that one research step sends to a model at most, and per token.
MAX_SOURCE_CHARACTERS = 48_000
CHARACTERS_PER_TOKEN = 3.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What a medium step of an agent takes without any history."""

    builtin_s: float
    model_s: float
    input_tokens: int
    output_tokens: int


PRIORS = {
    AgentName.RESEARCH: Prior(1.2, 25, 2_000, 1_800),
    AgentName.SHEETS: Prior(0.8, 12, 2_500, 700),
    AgentName.DOCS: Prior(1.0, 40, 5_000, 3_000),
    AgentName.SLIDES: Prior(1.0, 25, 4_500, 1_800),
    AgentName.REVIEW: Prior(0.2, 8, 1_500, 400),
}


def estimate_step(step: PlanStep, *, price: Price | None, source_characters: int) -> Quote:
    """Estimate one step. `price` is None for the built-in composer, which costs nothing."""
    prior, factor = PRIORS[step.agent], MULTIPLIERS[step.complexity]
    size = min(source_characters, MAX_SOURCE_CHARACTERS)
    if price is None:
        seconds = prior.builtin_s * factor * (1 + source_characters / 400_000)
        return Quote(time_s=_range(seconds), cost_usd=_range(0), tokens=_range(0))
    reads_sources = step.agent in {AgentName.RESEARCH, AgentName.SHEETS}
    source_tokens = size / CHARACTERS_PER_TOKEN if reads_sources else 0
    tokens_in = (prior.input_tokens + source_tokens) * factor
    tokens_out = prior.output_tokens * factor
    cost = float(price.cost_usd(round(tokens_in), round(tokens_out)))
    return Quote(
        time_s=_range(prior.model_s * factor),
        cost_usd=_range(cost),
        tokens=_range(tokens_in + tokens_out),
    )


def quote_plan(steps: Sequence[PlanStep]) -> Quote:
    """Add up the steps' estimates: cost and tokens as sums, time along the critical path.

    The sum of 90th percentiles is an upper bound of the sum's own 90th percentile.
    """
    quotes = {step.key: step.estimate for step in steps if step.estimate is not None}
    return Quote(
        time_s=Range(
            p50=critical_path_s(steps, {k: q.time_s.p50 for k, q in quotes.items()}),
            p90=critical_path_s(steps, {k: q.time_s.p90 for k, q in quotes.items()}),
        ),
        cost_usd=Range(
            p50=sum(q.cost_usd.p50 for q in quotes.values()),
            p90=sum(q.cost_usd.p90 for q in quotes.values()),
        ),
        tokens=Range(
            p50=sum(q.tokens.p50 for q in quotes.values()),
            p90=sum(q.tokens.p90 for q in quotes.values()),
        ),
    )


def _range(median: float) -> Range:
    return Range(p50=median, p90=median * P90_OVER_P50)
