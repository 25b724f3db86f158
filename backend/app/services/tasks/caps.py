"""Change the cap of a task."""

from decimal import Decimal

from app.models import Task
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
