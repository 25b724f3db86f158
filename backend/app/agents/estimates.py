"""What steps and plans are expected to take: time, cost, tokens.

A step is estimated from runs of like steps where there are enough, else from the priors below:
medians of our own runs of each agent on the sample goals, with a spread that is wide on purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.dag import parents, topological_order
from app.agents.forecast import combined_range, learned_range, prior_range
from app.agents.history import NO_HISTORY, Correlation, History
from app.agents.ledger_port import Price
from app.schemas.plan import AgentName, Basis, BasisKind, Complexity, PlanStep, Quote, Range

MULTIPLIERS = {Complexity.LOW: 0.7, Complexity.MEDIUM: 1.0, Complexity.HIGH: 1.5}
P90_OVER_P50 = 1.8
# Characters of source text that one research step sends to a model at most, and per token.
MAX_SOURCE_CHARACTERS = 48_000
CHARACTERS_PER_TOKEN = 3.0
# The agents that are sent the sources themselves; the others get what these found.
READERS = frozenset({AgentName.RESEARCH, AgentName.SHEETS})


@dataclass(frozen=True, slots=True)
class Prior:
    """What a medium step of an agent takes without any history."""

    builtin_s: float
    model_s: float
    input_tokens: int
    output_tokens: int


PRIORS = {
    AgentName.RESEARCH: Prior(1.2, 25, 2_000, 1_800),
    # With a review of each version by the model, which seldom sends a file back.
    AgentName.SHEETS: Prior(0.8, 17, 5_500, 900),
    AgentName.DOCS: Prior(1.0, 46, 11_000, 3_200),
    AgentName.SLIDES: Prior(1.0, 31, 9_500, 2_000),
    AgentName.REVIEW: Prior(0.2, 8, 1_500, 400),
}


def estimate_step(
    step: PlanStep,
    *,
    price: Price | None,
    source_characters: int,
    history: History = NO_HISTORY,
) -> Quote:
    """Estimate one step. `price` is None for the built-in composer, which costs nothing."""
    prior = _prior_quote(step, price, source_characters)
    runs = history.like(step, source_characters)
    if not runs:
        return prior
    return Quote(
        time_s=learned_range([run.time_s for run in runs], prior.time_s),
        cost_usd=learned_range([run.cost_usd(price) for run in runs], prior.cost_usd),
        tokens=learned_range([run.tokens for run in runs], prior.tokens),
        basis=Basis(kind=BasisKind.ACTUALS, runs=len(runs)),
    )


def covering(own: Quote, others: Sequence[Quote]) -> Quote:
    """Return a step's estimate with the 90th percentiles of the models it may fall back to.

    The median stays its own model's. The upper end is the dearest model's, so that a plan fits its
    cap also when a provider is out.
    """

    def widened(name: str) -> Range:
        mine: Range = getattr(own, name)
        highest = max(mine.p90, *(getattr(other, name).p90 for other in others))
        return mine.model_copy(update={"p90": highest})

    if not others:
        return own
    return own.model_copy(update={n: widened(n) for n in ("time_s", "cost_usd", "tokens")})


def step_tokens(step: PlanStep, source_characters: int) -> tuple[int, int]:
    """Return the tokens, in and out, that a model is expected to take for a step."""
    prior, factor = PRIORS[step.agent], MULTIPLIERS[step.complexity]
    size = min(source_characters, MAX_SOURCE_CHARACTERS) if step.agent in READERS else 0
    tokens_in = (prior.input_tokens + size / CHARACTERS_PER_TOKEN) * factor
    return round(tokens_in), round(prior.output_tokens * factor)


def quote_plan(
    steps: Sequence[PlanStep], correlation: Correlation = NO_HISTORY.correlation
) -> Quote:
    """Join the steps' estimates: cost and tokens as sums, time along the critical path.

    Quantiles do not add up: the plan's are those of a simulation over its DAG (`combined_range`).
    No model is asked, so any list of estimated steps can be quoted.
    """
    estimated = [step for step in steps if step.estimate is not None]
    quotes = [step.estimate for step in estimated if step.estimate is not None]
    place = {step.key: number for number, step in enumerate(estimated)}
    waits = {
        place[key]: [place[parent] for parent in parents(estimated[place[key]]) if parent in place]
        for key in topological_order(steps)
        if key in place
    }
    return Quote(
        time_s=combined_range([q.time_s for q in quotes], waits, correlation.time_s),
        cost_usd=combined_range([q.cost_usd for q in quotes], None, correlation.tokens),
        tokens=combined_range([q.tokens for q in quotes], None, correlation.tokens),
        basis=_joint_basis([quote.basis for quote in quotes]),
    )


def _joint_basis(parts: Sequence[Basis]) -> Basis:
    learned = [part.runs for part in parts if part.kind is not BasisKind.PRIORS]
    if not learned:
        return Basis()
    kind = BasisKind.ACTUALS if len(learned) == len(parts) else BasisKind.MIXED
    return Basis(kind=kind, runs=min(learned))


def _prior_quote(step: PlanStep, price: Price | None, source_characters: int) -> Quote:
    prior, factor = PRIORS[step.agent], MULTIPLIERS[step.complexity]
    if price is None:
        seconds = prior.builtin_s * factor * (1 + source_characters / 400_000)
        nothing = prior_range(0, P90_OVER_P50)
        return Quote(time_s=prior_range(seconds, P90_OVER_P50), cost_usd=nothing, tokens=nothing)
    tokens_in, tokens_out = step_tokens(step, source_characters)
    cost = float(price.cost_usd(tokens_in, tokens_out))
    return Quote(
        time_s=prior_range(prior.model_s * factor, P90_OVER_P50),
        cost_usd=prior_range(cost, P90_OVER_P50),
        tokens=prior_range(tokens_in + tokens_out, P90_OVER_P50),
    )
