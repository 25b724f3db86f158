"""What a user allows a plan to take, and where a plan breaks it."""

from pydantic import Field

from app.schemas.base import Frozen
from app.schemas.plan import AgentName, ExecutionPlan


class Constraints(Frozen):
    """Limits on a plan; None means no limit."""

    max_cost_usd: float | None = Field(default=None, ge=0)
    max_time_s: float | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, ge=0)
    max_steps: int | None = Field(default=None, ge=1)
    allowed_agents: tuple[AgentName, ...] | None = None


class Violation(Frozen):
    """One broken limit: which, how far, and what can be done."""

    limit: str
    allowed: float | str
    planned: float | str
    message: str


def find_violations(plan: ExecutionPlan, limits: Constraints) -> list[Violation]:
    """Return every limit that the plan's 90th percentiles or steps pass."""
    quote = plan.quote
    measured: list[tuple[str, float | None, float, str]] = [
        ("max_time_s", limits.max_time_s, quote.time_s.p90, "allow more time"),
        ("max_tokens", limits.max_tokens, quote.tokens.p90, "allow more tokens"),
        ("max_steps", limits.max_steps, len(plan.steps), "allow more steps"),
    ]
    found = [
        Violation(
            limit=name,
            allowed=allowed,
            planned=planned,
            message=f"{name} is {allowed:g} but the plan may need {planned:.6g}; "
            f"{way_out} or ask for less.",
        )
        for name, allowed, planned, way_out in measured
        if allowed is not None and planned > allowed
    ]
    return _cost_violations(plan, limits) + found + _agent_violations(plan, limits)


def _cost_violations(plan: ExecutionPlan, limits: Constraints) -> list[Violation]:
    cap, cost = limits.max_cost_usd, plan.quote.cost_usd.p90
    if cap is None or cost <= cap:
        return []
    message = f"The cap is ${cap:.4f} but the plan may need ${cost:.4f}; raise it or ask for less."
    return [Violation(limit="max_cost_usd", allowed=cap, planned=cost, message=message)]


def _agent_violations(plan: ExecutionPlan, limits: Constraints) -> list[Violation]:
    allowed = limits.allowed_agents
    if allowed is None:
        return []
    return [
        Violation(
            limit="allowed_agents",
            allowed=", ".join(allowed),
            planned=step.agent,
            message=f"Step {step.key!r} needs the agent {step.agent}, which is not allowed; "
            "allow it or remove the step.",
        )
        for step in plan.steps
        if step.agent not in allowed
    ]
