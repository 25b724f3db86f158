"""Progress where there is no terminal: one line for each event."""

from contextlib import AbstractContextManager, nullcontext

from app.agents.types import StepStatus
from app.cli.board import Board
from app.cli.formatting import duration_text, one_line
from app.cli.step_words import MARKS
from app.cli.terminal import Terminal
from app.core.clock import utc_now
from app.engine.feed import EventRead

STEP_KINDS: dict[str, StepStatus] = {
    "step.started": StepStatus.RUNNING,
    "step.progress": StepStatus.RUNNING,
    "step.fallback": StepStatus.RUNNING,
    "step.done": StepStatus.DONE,
    "step.failed": StepStatus.FAILED,
    "step.blocked": StepStatus.BLOCKED,
    "step.skipped": StepStatus.SKIPPED,
    "step.replaced": StepStatus.REPLACED,
    "step.requeued": StepStatus.WAITING,
}
TASK_KINDS = frozenset(
    f"task.{change}"
    for change in (
        "created",
        "planned",
        "started",
        "replanned",
        "resumed",
        "paused",
        "cancelled",
        "ended",
    )
)

PLAN_KINDS = {
    "plan.revised": "plan_revised",
    "plan.approved": "plan_approved",
    "plan.rejected": "plan_rejected",
}


def event_line(event: EventRead, board: Board | None, terminal: Terminal) -> str:
    """Return one event in words; an event of an unknown kind is shown by its name."""
    status = STEP_KINDS.get(event.kind)
    if status is not None:
        return _step_line(event, status, board, terminal)
    if event.kind in PLAN_KINDS:
        revision = int(event.payload.get("revision", 0))
        return terminal.words(PLAN_KINDS[event.kind], revision=revision)
    if event.kind not in TASK_KINDS:
        return event.kind
    words = event.kind.replace(".", "_")
    line = terminal.words(words, count=int(event.payload.get("steps", 0)))
    reason = one_line(str(event.payload.get("message", "")))
    return f"{line} {reason}" if reason else line


def _step_line(
    event: EventRead, status: StepStatus, board: Board | None, terminal: Terminal
) -> str:
    mark, _ = MARKS[status]
    title = one_line(str(event.payload.get("title") or _title(event, board)))
    word = terminal.words("line_" + event.kind.removeprefix("step."))
    said = event.payload.get("summary") or event.payload.get("text") or event.payload.get("message")
    if event.kind == "step.fallback":
        models = {name: str(event.payload.get(name, "")) for name in ("to", "reason")}
        said = terminal.words("fell_back", model=event.payload.get("from", ""), **models)
    if status is StepStatus.WAITING and not said:
        said = terminal.words("step_taken_over")
    line = f"{mark} {title}: {word}"
    if said:
        line += f" - {one_line(str(said))}"
    step = board.steps.get(event.step_key or "") if board is not None else None
    elapsed_s = step.elapsed_s(utc_now()) if step is not None else None
    if status in {StepStatus.DONE, StepStatus.FAILED} and elapsed_s is not None:
        line += f" ({duration_text(elapsed_s, terminal.language)})"
    return line


def _title(event: EventRead, board: Board | None) -> str:
    step = board.steps.get(event.step_key or "") if board is not None else None
    return step.title if step is not None else event.step_key or ""


class PlainView:
    """Writes lines to standard error."""

    def __init__(self, board: Board, terminal: Terminal) -> None:
        self._board = board
        self._terminal = terminal

    def running(self) -> AbstractContextManager[object]:
        """Nothing has to be opened."""
        return nullcontext()

    def event(self, _: EventRead) -> None:
        """Write the event's line."""
        self._line(event_line(_, self._board, self._terminal))

    def notice(self, key: str) -> None:
        """Write words of the catalogue."""
        self._line("! " + self._terminal.words(key))

    def _line(self, line: str) -> None:
        self._terminal.err.print(line, soft_wrap=True)
