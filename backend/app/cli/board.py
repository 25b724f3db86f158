"""How a task stands, folded from its events: what the progress views draw."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agents.task_planner import Progress, progress_of
from app.agents.transitions import ENDED_STEPS
from app.agents.types import StepStatus
from app.cli.formatting import one_line
from app.engine.feed import LAST_KINDS, EventRead
from app.schemas.plan import ExecutionPlan
from app.schemas.task import TaskRead

NOT_STARTED = frozenset({StepStatus.WAITING, StepStatus.BLOCKED, StepStatus.SKIPPED})


@dataclass(slots=True, kw_only=True)
class StepLine:
    """One step as it is shown. `text` is its latest word: progress, result or reason.
    `is_taken_over`: its worker left it, and it starts again.
    """

    key: str
    title: str
    after: tuple[str, ...]
    status: StepStatus = StepStatus.WAITING
    text: str = ""
    failure: str = ""
    is_taken_over: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None

    def elapsed_s(self, now: datetime) -> float | None:
        """Return how long the step runs or ran; None before its start."""
        if self.started_at is None or self.status in NOT_STARTED:
            return None
        return max(((self.finished_at or now) - self.started_at).total_seconds(), 0.0)


class Board:
    """The steps of one task and its money. Applying an event twice changes nothing."""

    def __init__(self, task: TaskRead, plan: ExecutionPlan) -> None:
        self.title = one_line(plan.title)
        self.is_free = plan.quote.cost_usd.p90 == 0
        self.cap_usd = task.cap_usd
        self.spent_usd = task.spent_usd
        self.is_ended = False
        self._plan = plan
        self.steps = {
            step.key: StepLine(
                key=step.key, title=one_line(step.title), after=(*step.depends_on, *step.after)
            )
            for step in plan.steps
        }
        self._changes: Mapping[str, Callable[[StepLine, EventRead], None]] = {
            "step.started": _started,
            "step.progress": _progressed,
            "step.done": _done,
            "step.failed": _failed,
            "step.blocked": _never_started,
            "step.skipped": _never_started,
            "step.requeued": _requeued,
            "step.fallback": _fell_back,
        }
        self.sync(task)

    def sync(self, task: TaskRead) -> None:
        """Take over how the task stands in the database."""
        self.spent_usd, self.cap_usd = task.spent_usd, task.cap_usd
        for read in task.steps:
            step = self.steps.get(read.key)
            if step is None:
                # A new plan goes without it.
                continue
            step.status = StepStatus(read.status)
            step.started_at, step.finished_at = read.started_at, read.finished_at
            step.failure = _reason(read.error or {})
            step.text = one_line(read.summary or "") or step.failure

    def apply(self, event: EventRead) -> None:
        """Take in one event."""
        self.is_ended = event.kind in LAST_KINDS
        step = self.steps.get(event.step_key or "")
        change = self._changes.get(event.kind)
        if step is not None and change is not None:
            change(step, event)
        if event.kind == "task.paused":
            self._stop(StepStatus.WAITING)
        if event.kind == "task.cancelled":
            self._stop(StepStatus.CANCELLED)

    def progress(self) -> Progress:
        """Return how far the task is."""
        return progress_of(self._plan, {key: step.status for key, step in self.steps.items()})

    def waits_for(self, step: StepLine) -> list[int]:
        """Return the numbers of the steps, as the plan counts them, that a step waits for."""
        return [
            number
            for number, line in enumerate(self.steps.values(), start=1)
            if line.key in step.after and line.status not in ENDED_STEPS
        ]

    def _stop(self, status: StepStatus) -> None:
        for step in self.steps.values():
            if step.status not in ENDED_STEPS:
                step.status = status


def _started(step: StepLine, event: EventRead) -> None:
    step.status, step.text, step.failure = StepStatus.RUNNING, "", ""
    step.is_taken_over = False
    step.started_at, step.finished_at = event.created_at, None


def _progressed(step: StepLine, event: EventRead) -> None:
    step.text = one_line(str(event.payload.get("text", "")))


def _done(step: StepLine, event: EventRead) -> None:
    step.status, step.finished_at = StepStatus.DONE, event.created_at
    step.text = one_line(str(event.payload.get("summary", "")))


def _failed(step: StepLine, event: EventRead) -> None:
    step.status, step.finished_at = StepStatus.FAILED, event.created_at
    step.text = step.failure = _reason(event.payload)


def _never_started(step: StepLine, event: EventRead) -> None:
    step.status = StepStatus(event.kind.removeprefix("step."))
    step.finished_at = event.created_at
    step.text = step.failure = _reason(event.payload)


def _requeued(step: StepLine, event: EventRead) -> None:
    step.status, step.text = StepStatus.WAITING, ""
    step.failure = _reason(event.payload)
    step.is_taken_over = not step.failure


def _fell_back(step: StepLine, event: EventRead) -> None:
    step.text = one_line(f"{event.payload.get('from')} -> {event.payload.get('to')}")


def _reason(error: Mapping[str, Any]) -> str:
    return one_line(str(error.get("message", "")))
