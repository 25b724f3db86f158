"""Make a plan fit its limits where that can be done without asking: cheaper models (`routing` says
which), then fewer steps (optional ones first, the review last). What was asked for as
required is never left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from app.agents.constraints import find_violations
from app.agents.dag import parents
from app.agents.routing import dislike
from app.core.errors import Invalid
from app.schemas.constraints import Constraints
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep

Pricer = Callable[[ExecutionPlan], ExecutionPlan]
Variants = Callable[[ExecutionPlan], Iterable[ExecutionPlan]]


def reshaped(
    plan: ExecutionPlan, limits: Constraints, price: Pricer, *, variants: Variants
) -> ExecutionPlan | None:
    """Return the plan within its limits, its notices saying what was changed; None: it cannot be.

    Of the plans that fit, the one with the most steps is taken, and of those with the same steps
    the plan's own models or else those of the dearest of its `variants` that fits, of a routed
    plan first by its policy.
    """
    for steps in _fewer_and_fewer(plan.steps, limits):
        for candidate in _by_model(plan.model_copy(update={"steps": steps}), variants, price):
            if not find_violations(candidate, limits):
                return _with_notices(plan, candidate)
    return None


def _by_model(plan: ExecutionPlan, variants: Variants, price: Pricer) -> Iterator[ExecutionPlan]:
    yield price(plan)
    priced = [found for other in variants(plan) if (found := _priced(other, price)) is not None]
    yield from sorted(priced, key=lambda other: (dislike(other), -other.quote.cost_usd.p90))


def _priced(plan: ExecutionPlan, price: Pricer) -> ExecutionPlan | None:
    try:
        return price(plan)
    except Invalid:
        # Nobody knows its price, so it cannot be chosen.
        return None


def _fewer_and_fewer(
    steps: tuple[PlanStep, ...], limits: Constraints
) -> Iterator[tuple[PlanStep, ...]]:
    yield steps
    while (left_out := _dispensable(steps, limits)) is not None:
        steps = without(steps, left_out.key)
        yield steps


def _dispensable(steps: Sequence[PlanStep], limits: Constraints) -> PlanStep | None:
    needed = {key for step in steps for key in step.depends_on}
    free = [step for step in steps if step.key not in needed]
    optional = [step for step in free if not step.required]
    reviews = [step for step in free if step.agent is AgentName.REVIEW]
    allowed = limits.allowed_agents
    forbidden = [s for s in (*optional, *reviews) if allowed is not None and s.agent not in allowed]
    candidates = forbidden[-1:] or optional[-1:] or reviews[-1:]
    return candidates[0] if candidates and len(steps) > 1 else None


def without(steps: Sequence[PlanStep], key: str) -> tuple[PlanStep, ...]:
    """Return the steps without one; those that only waited for it no longer do."""
    return tuple(
        step.model_copy(update={"after": tuple(other for other in step.after if other != key)})
        if key in parents(step)
        else step
        for step in steps
        if step.key != key
    )


def _with_notices(old: ExecutionPlan, new: ExecutionPlan) -> ExecutionPlan:
    is_korean = old.language == "ko"
    notices: list[str] = []
    if new.model != old.model:
        notices.append(
            f"정한 한도에 맞추려고 {old.model} 대신 {new.model} 모델을 씁니다."
            if is_korean
            else f"To keep within your limits, the model {new.model} is used, not {old.model}."
        )
    elif [(s.model, s.fallbacks) for s in new.steps] != [
        (s.model, s.fallbacks) for s in old.steps if s.key in {kept.key for kept in new.steps}
    ]:
        notices.append(
            "정한 한도에 맞추려고 더 싼 모델이나 더 적은 대체 모델을 씁니다."
            if is_korean
            else "To keep within your limits, cheaper models or fewer fallbacks are used."
        )
    kept = {step.key for step in new.steps}
    left_out = "; ".join(step.title for step in old.steps if step.key not in kept)
    if left_out:
        notices.append(
            f"정한 한도에 맞추려고 뺀 단계: {left_out}."
            if is_korean
            else f"To keep within your limits, these steps were left out: {left_out}."
        )
    return new.model_copy(update={"notices": (*old.notices, *notices)})
