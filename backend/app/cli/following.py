"""Follow a task's events to its end, across outages of the database."""

from contextlib import aclosing

from app.cli.board import Board
from app.cli.live_view import LiveView
from app.cli.plain_view import PlainView
from app.cli.session import Session
from app.cli.terminal import Terminal
from app.core.postgres import DatabaseUnavailable

STEP_ENDS = frozenset({"step.done", "step.failed", "task.ended", "task.paused"})


class Follower:
    """Feeds one task's events to the board and a view."""

    def __init__(self, session: Session, terminal: Terminal, board: Board, task_id: str) -> None:
        self._session = session
        self._board = board
        self._task_id = task_id
        self._seen = 0
        is_live = terminal.err.is_terminal and not terminal.err.is_dumb_terminal
        self._view = LiveView(board, terminal) if is_live else PlainView(board, terminal)

    async def run(self, after: int) -> None:
        """Return when the task has ended or was stopped; `after` is the last event known.

        Raises:
            DatabaseUnavailable: The database stays away.
        """
        self._seen = after
        with self._view.running():
            while not self._board.is_ended:
                try:
                    await self._follow()
                except DatabaseUnavailable:
                    self._view.notice("database_away")
                    await self._session.wait_for_database()
                    self._view.notice("database_back")

    async def _follow(self) -> None:
        feed = self._session.runtime.feed
        async with aclosing(feed.follow(self._task_id, after=self._seen)) as events:
            async for event in events:
                self._board.apply(event)
                if event.kind in STEP_ENDS:
                    await self._sync()
                self._seen = event.seq
                self._view.event(event)
                if self._board.is_ended:
                    return

    async def _sync(self) -> None:
        if not self._board.is_free:
            tasks = self._session.runtime.tasks
            task = await tasks.get(self._session.user_id, self._task_id)
            self._board.spent_usd = task.spent_usd


async def last_event(session: Session, task_id: str) -> int:
    """Return the number of the task's newest event."""
    seq = 0
    while events := await session.runtime.feed.events_after(task_id, seq):
        seq = events[-1].seq
    return seq
