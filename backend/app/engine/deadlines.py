"""A task's deadline: a moment in its row, so that it holds on any worker and after any crash."""

from datetime import timedelta

from app.core.clock import utc_now
from app.core.errors import Conflict
from app.models import Task


class DeadlinePassed(Conflict):
    """The task's deadline has passed, so nothing of it may run; a new one lets it go on."""

    code = "deadline_passed"


def set_deadline(task: Task) -> None:
    """Set the moment of a locked task that starts: its seconds from now, unless it is set already.

    Raises:
        DeadlinePassed: It was set before, and has passed.
    """
    now = utc_now()
    if task.deadline_at is None and task.deadline_s is not None:
        task.deadline_at = now + timedelta(seconds=task.deadline_s)
    require_time(task)


def renew_deadline(task: Task, deadline_s: float | None) -> None:
    """Give a locked task another deadline, in seconds from its next start; None keeps it."""
    if deadline_s is not None:
        task.deadline_s, task.deadline_at = deadline_s, None


def require_time(task: Task) -> None:
    """Raise `DeadlinePassed` if the task's deadline has passed."""
    if task.deadline_at is not None and task.deadline_at <= utc_now():
        raise DeadlinePassed(
            f"The task's deadline of {task.deadline_s:g} s has passed; give it a new one "
            "(deadline_s, --deadline-s) to go on from what is done.",
            deadline_s=task.deadline_s,
        )


def passed_facts(task: Task) -> dict[str, object]:
    """Return the error of a task, and of its steps, that the deadline stopped."""
    return {
        "code": DeadlinePassed.code,
        "message": f"The task reached its deadline of {task.deadline_s:g} s and was stopped; what "
        "is done stays. Resume it with a new deadline (deadline_s, --deadline-s) to go on.",
        "deadline_s": task.deadline_s,
    }
