"""Where a plan breaks what its user allows."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from app.agents.plan_check import DEFAULT_NAMES, output_name
from app.schemas.constraints import Constraints, Violation, ViolationCode
from app.schemas.plan import ExecutionPlan, PlanStep

__all__ = ["Constraints", "Violation", "ViolationCode", "find_violations"]


def find_violations(plan: ExecutionPlan, limits: Constraints) -> list[Violation]:
    """Return every limit that the plan's 90th percentiles, steps, models or files break."""
    return [
        *_cost_violations(plan, limits),
        *_amount_violations(plan, limits),
        *_agent_violations(plan, limits),
        *_model_violations(plan, limits),
        *(found for step in plan.steps for found in _step_violations(step)),
        *_file_violations(plan.steps, limits),
    ]


def _cost_violations(plan: ExecutionPlan, limits: Constraints) -> Iterator[Violation]:
    cap, cost = limits.max_cost_usd, plan.quote.cost_usd.p90
    if cap is not None and cost > cap:
        yield Violation(
            code=ViolationCode.COST_OVER_LIMIT,
            limit="max_cost_usd",
            asked=cap,
            found=cost,
            message=f"The cap is ${cap:.4f} but the plan may need ${cost:.4f}; "
            "raise it or ask for less.",
        )


def _amount_violations(plan: ExecutionPlan, limits: Constraints) -> Iterator[Violation]:
    code, quote = ViolationCode, plan.quote
    measured: list[tuple[ViolationCode, str, float | None, float, str]] = [
        (code.TIME_OVER_LIMIT, "max_time_s", limits.max_time_s, quote.time_s.p90, "time"),
        (code.TOKENS_OVER_LIMIT, "max_tokens", limits.max_tokens, quote.tokens.p90, "tokens"),
        (code.TOO_MANY_STEPS, "max_steps", limits.max_steps, len(plan.steps), "steps"),
    ]
    for kind, name, asked, found, unit in measured:
        if asked is not None and found > asked:
            yield Violation(
                code=kind,
                limit=name,
                asked=asked,
                found=found,
                message=f"{name} is {asked:g} but the plan may need {found:.6g}; "
                f"allow more {unit} or ask for less.",
            )


def _agent_violations(plan: ExecutionPlan, limits: Constraints) -> Iterator[Violation]:
    allowed = limits.allowed_agents
    for step in plan.steps if allowed is not None else ():
        if step.agent not in (allowed or ()):
            yield Violation(
                code=ViolationCode.AGENT_NOT_ALLOWED,
                limit="allowed_agents",
                asked=", ".join(allowed or ()),
                found=step.agent,
                message=f"Step {step.key!r} needs the agent {step.agent}, which is not allowed; "
                "allow it or remove the step.",
                step=step.key,
            )


def _model_violations(plan: ExecutionPlan, limits: Constraints) -> Iterator[Violation]:
    allowed = limits.allowed_models
    if allowed is None:
        return
    users = [
        (None, plan.model),
        *((step.key, name) for step in plan.steps for name in (step.model, *step.fallbacks)),
    ]
    for key, model in users:
        if model is not None and model not in allowed:
            who = "The plan" if key is None else f"Step {key!r}"
            yield Violation(
                code=ViolationCode.MODEL_NOT_ALLOWED,
                limit="allowed_models",
                asked=", ".join(allowed),
                found=model,
                message=f"{who} uses the model {model}, which is not allowed; allow it or choose "
                "another.",
                step=key,
            )


def _step_violations(step: PlanStep) -> Iterator[Violation]:
    estimate, cap, deadline_s = step.estimate, step.cap_usd, step.deadline_s
    if estimate is None:
        return
    if cap is not None and estimate.cost_usd.p90 > cap:
        yield Violation(
            code=ViolationCode.STEP_COST_OVER_CAP,
            limit="cap_usd",
            asked=cap,
            found=estimate.cost_usd.p90,
            message=f"Step {step.key!r} has a cap of ${cap:.4f} but may need "
            f"${estimate.cost_usd.p90:.4f}; raise its cap or give it a cheaper model.",
            step=step.key,
        )
    if deadline_s is not None and estimate.time_s.p90 > deadline_s:
        yield Violation(
            code=ViolationCode.STEP_TIME_OVER_DEADLINE,
            limit="deadline_s",
            asked=deadline_s,
            found=estimate.time_s.p90,
            message=f"Step {step.key!r} has {deadline_s:g} s but may need "
            f"{estimate.time_s.p90:.6g} s; give it more time.",
            step=step.key,
        )


def _file_violations(steps: Sequence[PlanStep], limits: Constraints) -> Iterator[Violation]:
    made = [output_name(step) for step in steps if step.agent in DEFAULT_NAMES]
    for needed in limits.needed_files:
        if not any(_is_needed(name, needed) for name in made):
            yield Violation(
                code=ViolationCode.FILE_NOT_PLANNED,
                limit="needed_files",
                asked=needed,
                found=", ".join(made) or "no file",
                message=f"No step makes {needed}, which is needed; add a step that does, or do "
                "not ask for it.",
            )


def _is_needed(name: str, needed: str) -> bool:
    if needed.startswith("."):
        return PurePath(name).suffix.lower() == needed.lower()
    return name.casefold() == needed.casefold()
