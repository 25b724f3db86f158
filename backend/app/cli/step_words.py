"""What is said of a step, in the live table and in plain lines alike."""

from app.agents.types import StepStatus
from app.cli.board import Board, StepLine
from app.cli.messages import Language, message

MARKS: dict[StepStatus, tuple[str, str]] = {
    StepStatus.WAITING: ("·", "dim"),
    StepStatus.QUEUED: ("·", "cyan"),
    StepStatus.RUNNING: ("▸", "cyan"),
    StepStatus.DONE: ("✓", "green"),
    StepStatus.FAILED: ("✗", "red"),
    StepStatus.BLOCKED: ("-", "yellow"),
    StepStatus.SKIPPED: ("-", "yellow"),
    StepStatus.CANCELLED: ("-", "yellow"),
    StepStatus.REPLACED: ("-", "dim"),
}


def step_words(step: StepLine, board: Board, language: Language) -> str:
    """Return the words beside a step's title."""
    if step.status is StepStatus.WAITING:
        return _waiting_words(step, board, language)
    return step.text or message(f"step_{step.status}", language)


def _waiting_words(step: StepLine, board: Board, language: Language) -> str:
    if step.failure:
        return message("step_again", language, reason=step.failure)
    if step.is_taken_over:
        return message("step_taken_over", language)
    before = board.waits_for(step)
    if not before:
        return message("step_waiting", language)
    return message("step_waits_for", language, steps=", ".join(map(str, before)))
