"""Which model does which step: chosen by need and price, without asking anybody.

`cheap` takes the cheapest candidate that the step fits into; `balanced` the cheapest of those whose
tier is enough for the step; `best` the highest tier, and of equals the cheapest. A choice depends
on its arguments alone, so that a plan is routed the same way by whoever prices it.

That a model can answer by JSON Schema is no criterion: each is asked in the form it takes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from app.agents.estimates import MAX_SOURCE_CHARACTERS, READERS, step_tokens
from app.agents.ledger_port import Price
from app.core.config import BUILTIN, Tier
from app.core.errors import Invalid
from app.core.policy import Policy
from app.schemas.constraints import Constraints
from app.schemas.plan import MAX_FALLBACKS, AgentName, Complexity, ExecutionPlan, PlanStep

RANK = {Tier.BASIC: 0, Tier.GOOD: 1, Tier.BEST: 2}
# What a step needs at least. A review judges what others wrote; research must quote word for word.
NEEDS = {
    AgentName.RESEARCH: Tier.GOOD,
    AgentName.DOCS: Tier.GOOD,
    AgentName.SHEETS: Tier.GOOD,
    AgentName.SLIDES: Tier.GOOD,
    AgentName.REVIEW: Tier.BASIC,
}
CHEAPER = {
    Policy.BEST: (Policy.BALANCED, Policy.CHEAP),
    Policy.BALANCED: (Policy.CHEAP,),
    Policy.CHEAP: (),
}
SHIFTS = {Complexity.LOW: -1, Complexity.MEDIUM: 0, Complexity.HIGH: 1}
# Instructions, schema and facts around the material of one call, and room for its answer. A
# character of Korean is about half a token to one; two characters a token is a bound for most.
CALL_TOKENS = 12_000
CHARACTERS_PER_TOKEN_AT_MOST = 2
PLANNING_TOKENS = (3_000, 1_000)


class PolicyUnusable(Invalid):
    """No model is there that the policy could choose."""

    code: ClassVar[str] = "policy_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that can be used. `price` is None for the built-in composer.

    `outlet` tells which models are out together: the provider, and its server where one is set.
    `context_tokens` is None where nobody knows it; the model is then taken to hold the step.
    """

    model: str
    tier: Tier
    price: Price | None
    outlet: str = ""
    context_tokens: int | None = None

    def cost_usd(self, need: "Need") -> Decimal:
        """Return what the need is expected to cost."""
        if self.price is None:
            return Decimal(0)
        return self.price.cost_usd(need.input_tokens, need.output_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a step asks of a model: a tier, the tokens it takes, the longest call's context."""

    tier: Tier
    input_tokens: int
    output_tokens: int
    context_tokens: int


PLANNING = Need(
    tier=Tier.GOOD,
    input_tokens=PLANNING_TOKENS[0],
    output_tokens=PLANNING_TOKENS[1],
    context_tokens=CALL_TOKENS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The model for a need, why, and the models to go on with when it is out."""

    model: str
    reason: str
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """A policy with the models that it may choose from.

    `left_out` says why a candidate of the settings is not among them.
    """

    policy: Policy
    candidates: tuple[Candidate, ...]
    left_out: tuple[str, ...] = ()

    def choose(self, need: Need, *, language: str = "en") -> Choice:
        """Return the choice for a need."""
        return choose(self.policy, need, self.candidates, language=language)

    def notices(self, language: str) -> tuple[str, ...]:
        """Say which candidates were left out, and why."""
        words = "고를 수 없는 후보 모델: {}" if language == "ko" else "Left out as a candidate: {}"
        return tuple(words.format(why) for why in self.left_out)


def need_of(step: PlanStep, source_characters: int) -> Need:
    """Return what a step needs, by its agent, its complexity and the size of its material."""
    rank = RANK[NEEDS[step.agent]] + SHIFTS[step.complexity]
    tier = next(t for t in Tier if RANK[t] == min(max(rank, 0), max(RANK.values())))
    tokens_in, tokens_out = step_tokens(step, source_characters)
    read = min(source_characters, MAX_SOURCE_CHARACTERS) if step.agent in READERS else 0
    return Need(
        tier=tier,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        context_tokens=CALL_TOKENS + read // CHARACTERS_PER_TOKEN_AT_MOST,
    )


def choose(
    policy: Policy, need: Need, candidates: Sequence[Candidate], *, language: str = "en"
) -> Choice:
    """Return the candidate that the policy takes for a need, and whom it falls back to.

    For the same need `cheap` never costs more than `balanced`, nor `balanced` more than `best`.

    Raises:
        PolicyUnusable: There is no candidate.
    """
    if not candidates:
        raise PolicyUnusable(
            f"The policy {policy} has no model to choose from; set MADANG_MODEL__CANDIDATES, "
            "or name a model."
        )
    fitting = [c for c in candidates if _fits(c, need)] or _widest(candidates)
    ranked = _ranked(policy, need, fitting)
    first = ranked[0]
    return Choice(
        model=first.model,
        reason=_reason(policy, need, first, len(candidates), language),
        fallbacks=_fallbacks(first, ranked),
    )


def planning_choice(router: Router) -> Choice:
    """Return the choice of the model that makes the plan."""
    return router.choose(PLANNING)


def routed(plan: ExecutionPlan, router: Router, source_characters: int) -> ExecutionPlan:
    """Return the plan with the policy's model for each step whose model nobody named."""

    def with_choice(step: PlanStep) -> PlanStep:
        if is_explicit(step):
            return step
        need = need_of(step, source_characters)
        choice = router.choose(need, language=plan.language)
        chosen = {"model": choice.model, "fallbacks": choice.fallbacks}
        return step.model_copy(update={**chosen, "model_reason": choice.reason})

    return plan.model_copy(update={"policy": router.policy, "steps": _changed(plan, with_choice)})


def is_explicit(step: PlanStep) -> bool:
    """Whether somebody named the step's model; then no policy changes it."""
    return step.model is not None and step.model_reason is None


def variants(
    plan: ExecutionPlan, limits: Constraints, router: Router | None, source_characters: int
) -> Iterator[ExecutionPlan]:
    """Yield the same plan with other models, for a plan that passes its limits.

    A routed plan first does without fallbacks, then takes cheaper policies; any other one takes
    one of the models that are allowed.
    """
    if plan.policy is None or router is None:
        others = [model for model in limits.allowed_models or () if model != plan.model]
        yield from (plan.model_copy(update={"model": model}) for model in others)
        return
    yield _without_fallbacks(plan)
    for policy in CHEAPER[plan.policy]:
        cheaper = Router(policy=policy, candidates=router.candidates)
        other = routed(plan, cheaper, source_characters)
        yield other
        yield _without_fallbacks(other)


def dislike(plan: ExecutionPlan) -> int:
    """Return 0 for a plan routed for the best models, more for a cheaper policy."""
    return 0 if plan.policy is None else len(CHEAPER[Policy.BEST]) - len(CHEAPER[plan.policy])


def _without_fallbacks(plan: ExecutionPlan) -> ExecutionPlan:
    steps = _changed(plan, lambda step: step.model_copy(update={"fallbacks": ()}))
    return plan.model_copy(update={"steps": steps})


def _changed(plan: ExecutionPlan, change: Callable[[PlanStep], PlanStep]) -> tuple[PlanStep, ...]:
    """Return the plan's steps, those that are still to be run changed."""
    return tuple(step if step.key in plan.finished else change(step) for step in plan.steps)


def _fits(candidate: Candidate, need: Need) -> bool:
    return candidate.context_tokens is None or candidate.context_tokens >= need.context_tokens


def _widest(candidates: Sequence[Candidate]) -> list[Candidate]:
    # None holds the whole: those that hold most are sent half of the material if need be.
    most = max(candidate.context_tokens or 0 for candidate in candidates)
    return [candidate for candidate in candidates if (candidate.context_tokens or 0) == most]


def _ranked(policy: Policy, need: Need, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, the policy's first choice first; ties keep the settings' order."""

    def key(candidate: Candidate) -> tuple[Decimal | int, ...]:
        cost, rank = candidate.cost_usd(need), RANK[candidate.tier]
        if policy is Policy.CHEAP:
            return (cost, -rank)
        if policy is Policy.BEST:
            return (-rank, cost)
        # Of those that are good enough the cheapest, else the highest tier there is.
        is_short = rank < RANK[need.tier]
        return (1, -rank, cost) if is_short else (0, cost, -rank)

    return sorted(candidates, key=key)


def _fallbacks(first: Candidate, ranked: Sequence[Candidate]) -> tuple[str, ...]:
    # Another outlet first: what takes one model of a provider away mostly takes all.
    others = [c for c in ranked[1:] if c.model != BUILTIN]
    if first.model == BUILTIN:
        return ()
    others.sort(key=lambda candidate: candidate.outlet == first.outlet)
    return tuple(candidate.model for candidate in others[:MAX_FALLBACKS])


def _reason(policy: Policy, need: Need, chosen: Candidate, count: int, language: str) -> str:
    cost = "0" if chosen.price is None else f"{chosen.cost_usd(need):.4f}"
    words = REASONS["ko" if language == "ko" else "en"]
    is_short = policy is Policy.BALANCED and RANK[chosen.tier] < RANK[need.tier]
    key = "short" if is_short else str(policy)
    return words[key].format(tier=chosen.tier, need=need.tier, cost=cost, count=count)


REASONS = {
    "en": {
        "cheap": "the cheapest of {count} that this step fits into (about ${cost})",
        "balanced": "the cheapest of {count} that is at least {need} (about ${cost})",
        "best": "the highest tier of {count}, {tier} (about ${cost})",
        "short": "no model is {need}; of {count} this one comes closest, {tier} (about ${cost})",
    },
    "ko": {
        "cheap": "이 단계를 맡을 수 있는 모델 {count}개 중 가장 쌈 (약 ${cost})",
        "balanced": "{need} 등급 이상인 모델 중 가장 쌈, 후보 {count}개 (약 ${cost})",
        "best": "후보 {count}개 중 가장 높은 등급인 {tier} (약 ${cost})",
        "short": "{need} 등급이 없어 가장 가까운 {tier} 등급을 씀, 후보 {count}개 (약 ${cost})",
    },
}
