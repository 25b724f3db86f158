"""Change the caps of a task and of its steps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.models import AgentTaskRow, Task
from app.services.tasks.errors import CapInvalid


def set_cap(task: Task, cap_usd: float) -> None:
    """Give a locked task another cap, in dollars.

    Raises:
        CapInvalid: It is below what is spent or reserved.
    """
    cap = Decimal(str(cap_usd))
    used = task.spent_usd + task.reserved_usd
    if cap < used:
        raise CapInvalid(
            f"The cap ${cap:.4f} is below what is already spent or reserved, ${used:.4f}; "
            "give a higher one."
        )
    task.cap_usd = cap


def set_step_caps(steps: Sequence[AgentTaskRow], caps_usd: Mapping[str, float]) -> None:
    """Give steps of a locked task, by key, other caps, in dollars.

    Raises:
        CapInvalid: A key names no step, or a cap is below what the step has spent or reserved.
    """
    by_key = {step.key: step for step in steps}
    for key, cap_usd in caps_usd.items():
        step = by_key.get(key)
        if step is None:
            known = ", ".join(by_key) or "not made yet"
            raise CapInvalid(f"The task has no step {key!r}; its steps are {known}.")
        used = step.spent_usd + step.reserved_usd
        cap = Decimal(str(cap_usd))
        if cap < used:
            raise CapInvalid(
                f"The cap ${cap:.4f} of step {key!r} is below what it has already spent or "
                f"reserved, ${used:.4f}; give a higher one."
            )
        step.cap_usd = cap
