"""Progress on a terminal: a table that is drawn again in place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.text import Text

from app.agents.types import StepStatus
from app.cli.board import Board, StepLine
from app.cli.formatting import duration_text, money_text
from app.cli.messages import message
from app.cli.step_words import MARKS, step_words
from app.cli.tables import grid, indented
from app.cli.terminal import Terminal
from app.core.clock import utc_now
from app.engine.feed import EventRead

FRAMES_PER_S = 8
WORDS = {
    StepStatus.FAILED: "red",
    StepStatus.BLOCKED: "yellow",
    StepStatus.SKIPPED: "yellow",
    StepStatus.RUNNING: "cyan",
}


class LiveView:
    """Draws the board several times a second; the last picture stays on the screen."""

    def __init__(
        self, board: Board, terminal: Terminal, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._board = board
        self._terminal = terminal
        self._now = now
        self._notice = ""
        self._spinner = Spinner("dots", style="cyan")

    def running(self) -> AbstractContextManager[object]:
        """Draw while the context is open."""
        return Live(
            console=self._terminal.err,
            get_renderable=self.picture,
            refresh_per_second=FRAMES_PER_S,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def event(self, _: EventRead) -> None:
        """Take notice of an event; the next picture shows it."""
        self._notice = ""

    def notice(self, key: str) -> None:
        """Show words below the table until the next event."""
        self._notice = self._terminal.words(key)

    def picture(self) -> RenderableType:
        """Return the present picture."""
        parts: list[RenderableType] = [Text(), self._heading(), self._bar(), Text("\n")]
        parts.append(self._steps(self._terminal.err))
        if self._notice:
            parts.append(Text(f"! {self._notice}", style="yellow"))
        return indented(Group(*parts), right=1)

    def _heading(self) -> RenderableType:
        line = grid(gap=1, expand=True)
        line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        line.add_column(justify="right", no_wrap=True)
        line.add_row(Text(self._board.title, style="bold"), Text(self._standing(), style="dim"))
        return line

    def _standing(self) -> str:
        language = self._terminal.language
        progress = self._board.progress()
        parts = [
            message("progress", language, done=progress.done_steps, total=progress.total_steps)
        ]
        if progress.done_steps < progress.total_steps and not self._board.is_ended:
            left = duration_text(progress.remaining_s, language)
            parts.append(message("left", language, time=left))
        if not self._board.is_free:
            spent, cap = money_text(self._board.spent_usd), money_text(self._board.cap_usd)
            parts.append(message("spent_of", language, spent=spent, cap=cap))
        return " · ".join(parts)

    def _bar(self) -> RenderableType:
        progress = self._board.progress()
        return ProgressBar(
            total=max(progress.total_steps, 1),
            completed=progress.done_steps,
            complete_style="green",
            finished_style="green",
        )

    def _steps(self, console: Console) -> RenderableType:
        table = grid(gap=1, expand=True)
        table.add_column(width=1)
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=console.width * 2 // 5)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        for number, step in enumerate(self._board.steps.values(), start=1):
            mark, *cells = self._row(step)
            table.add_row(mark, str(number), *cells)
        return table

    def _row(self, step: StepLine) -> tuple[RenderableType, Text, Text, Text]:
        mark, style = MARKS[step.status]
        is_idle = step.status in {StepStatus.WAITING, StepStatus.QUEUED}
        elapsed_s = step.elapsed_s(self._now())
        words = step_words(step, self._board, self._terminal.language)
        return (
            self._spinner if step.status is StepStatus.RUNNING else Text(mark, style=style),
            Text(step.title, style="dim" if is_idle else ""),
            Text(words, style=WORDS.get(step.status, "dim")),
            Text(
                "" if elapsed_s is None else duration_text(elapsed_s, self._terminal.language),
                style="dim",
            ),
        )
