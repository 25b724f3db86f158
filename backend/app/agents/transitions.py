"""Which status may follow which. Every change of a step or a task goes through these tables."""

from enum import StrEnum

from app.agents.types import StepStatus
from app.core.errors import Conflict
from app.schemas.plan import PlanStep


class TaskStatus(StrEnum):
    """The life of a task."""

    PLANNING = "planning"
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TransitionForbidden(Conflict):
    """The present status does not allow this."""

    code = "transition_forbidden"


_S, _T = StepStatus, TaskStatus

STEP_TRANSITIONS: dict[StepStatus, frozenset[StepStatus]] = {
    _S.WAITING: frozenset({_S.QUEUED, _S.BLOCKED, _S.SKIPPED, _S.CANCELLED, _S.REPLACED}),
    _S.QUEUED: frozenset({_S.RUNNING, _S.QUEUED, _S.WAITING, _S.FAILED, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.DONE, _S.FAILED, _S.QUEUED, _S.WAITING, _S.CANCELLED}),
    # Only a review is opened again, when a resumed step gives it something new to sum up.
    _S.DONE: frozenset({_S.WAITING}),
    _S.FAILED: frozenset({_S.WAITING, _S.REPLACED}),
    _S.BLOCKED: frozenset({_S.WAITING, _S.REPLACED}),
    _S.SKIPPED: frozenset({_S.WAITING, _S.REPLACED}),
    _S.CANCELLED: frozenset({_S.WAITING, _S.REPLACED}),
    _S.REPLACED: frozenset(),
}

TASK_TRANSITIONS: dict[TaskStatus, frozenset[TaskStatus]] = {
    _T.PLANNING: frozenset({_T.PLANNED, _T.FAILED, _T.CANCELLED}),
    # A begun task whose new plan is rejected becomes again what it was.
    _T.PLANNED: frozenset({_T.RUNNING, _T.CANCELLED, _T.PAUSED, _T.DONE, _T.PARTIAL, _T.FAILED}),
    _T.RUNNING: frozenset({_T.DONE, _T.PARTIAL, _T.FAILED, _T.PAUSED, _T.CANCELLED}),
    _T.PAUSED: frozenset({_T.RUNNING, _T.CANCELLED, _T.PLANNED}),
    _T.DONE: frozenset({_T.PLANNED}),
    _T.PARTIAL: frozenset({_T.RUNNING, _T.PLANNED}),
    _T.FAILED: frozenset({_T.RUNNING, _T.PLANNED}),
    _T.CANCELLED: frozenset({_T.RUNNING, _T.PLANNED}),
}

ENDED_STEPS = frozenset({_S.DONE, _S.FAILED, _S.BLOCKED, _S.SKIPPED, _S.CANCELLED, _S.REPLACED})
# Ended, but not for good: a resumed task opens them again.
UNDONE_STEPS = ENDED_STEPS - {_S.DONE, _S.REPLACED}
# Tasks that can be planned anew: they do not run, and what is done of them stays.
REPLANNABLE_TASKS = frozenset({_T.PAUSED, _T.DONE, _T.PARTIAL, _T.FAILED, _T.CANCELLED})
ENDED_TASKS = frozenset({_T.DONE, _T.PARTIAL, _T.FAILED, _T.CANCELLED})


def never_started(step: PlanStep) -> StepStatus:
    """Return how a step ends that needs one that did not succeed."""
    return StepStatus.BLOCKED if step.required else StepStatus.SKIPPED


def require_step(old: StepStatus, new: StepStatus) -> None:
    """Raise `TransitionForbidden` unless a step in `old` may become `new`."""
    if new not in STEP_TRANSITIONS[old]:
        raise TransitionForbidden(f"A step that is {old} cannot become {new}.")


def require_task(old: TaskStatus, new: TaskStatus) -> None:
    """Raise `TransitionForbidden` unless a task in `old` may become `new`."""
    if new not in TASK_TRANSITIONS[old]:
        raise TransitionForbidden(f"A task that is {old} cannot become {new}.")
