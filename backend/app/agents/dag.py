"""The shape of a plan: is it a DAG, what follows what, how long is the longest way through."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from app.core.errors import Invalid
from app.schemas.plan import PlanStep


class PlanInvalid(Invalid):
    """The steps of a plan do not form a DAG of known steps, or one of them cannot be done.

    The facts name the `step`, its `field` and the `reason` in one word.
    """

    code = "plan_invalid"


def parents(step: PlanStep) -> tuple[str, ...]:
    """Return the keys of all steps that `step` waits for, each once."""
    return tuple(dict.fromkeys((*step.depends_on, *step.after)))


def topological_order(steps: Sequence[PlanStep]) -> tuple[str, ...]:
    """Return the keys of the steps, each after all that it waits for.

    Raises:
        PlanInvalid: Two steps share a key, a step waits for an unknown one, or there is a cycle.
    """
    keys = [step.key for step in steps]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise PlanInvalid(
            f"Step keys must differ; repeated: {', '.join(repeated)}.",
            step=repeated[0],
            field="key",
            reason="duplicate_key",
        )
    known = set(keys)
    for step in steps:
        _require_known(step, known)
    try:
        return tuple(TopologicalSorter({s.key: parents(s) for s in steps}).static_order())
    except CycleError as error:
        cycle = " -> ".join(reversed(error.args[1]))
        raise PlanInvalid(
            f"The steps wait for each other in a circle: {cycle}.",
            step=error.args[1][-1],
            field="depends_on",
            reason="cycle",
        ) from error


def _require_known(step: PlanStep, known: set[str]) -> None:
    for field in ("depends_on", "after"):
        unknown = sorted(set(getattr(step, field)) - known)
        if unknown:
            raise PlanInvalid(
                f"Step {step.key!r} waits for steps that do not exist: {unknown}.",
                step=step.key,
                field=field,
                reason="dangling_dependency",
            )


def critical_path_s(steps: Sequence[PlanStep], durations_s: Mapping[str, float]) -> float:
    """Return the length in seconds of the longest way through the plan.

    The critical path method: Kelley & Walker, "Critical-Path Planning and Scheduling", 1959.
    """
    by_key = {step.key: step for step in steps}
    finish: dict[str, float] = {}
    for key in topological_order(steps):
        start = max((finish[parent] for parent in parents(by_key[key])), default=0.0)
        finish[key] = start + durations_s.get(key, 0.0)
    return max(finish.values(), default=0.0)
