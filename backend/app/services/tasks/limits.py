"""What an order allows its plan, and what a task's plan is held to later."""

from app.models import Task
from app.schemas.constraints import Constraints
from app.schemas.task import TaskOrder


def limits_of_order(order: TaskOrder, default_cap_usd: float) -> Constraints:
    """Return the limits of an order. Where one is given twice, the lower holds."""
    given = order.constraints or Constraints()
    cap = default_cap_usd if order.cap_usd is None else order.cap_usd
    if order.cap_usd is None and given.max_cost_usd is not None:
        cap = given.max_cost_usd
    return given.model_copy(
        update={
            "max_cost_usd": _lower(cap, given.max_cost_usd),
            "max_time_s": _lower(order.max_time_s, given.max_time_s),
            "max_tokens": _lower(order.max_tokens, given.max_tokens),
            "max_steps": _lower(order.max_steps, given.max_steps),
        }
    )


def limits_of_task(task: Task, cap_usd: float | None = None) -> Constraints:
    """Return what a task's order allows: its limits, and its cap or the new one.

    Of a begun task that is planned anew only what is left of the cap counts.
    """
    cap = float(task.cap_usd) if cap_usd is None else cap_usd
    if task.replans or task.replan_id is not None:
        cap = max(cap - float(task.spent_usd + task.reserved_usd), 0.0)
    return Constraints.model_validate({**task.constraints, "max_cost_usd": cap})


def _lower(first: float | None, second: float | None) -> float | None:
    given = [amount for amount in (first, second) if amount is not None]
    return min(given, default=None)
