"""Ctrl+C and SIGTERM: the first asks politely, the second leaves at once."""

import asyncio
import os
import signal
import sys

from app.cli.exit_codes import SIGNAL_BASE

SHOW_CURSOR = "\x1b[?25h"


class Interruption:
    """The signals of one command. The first cancels the command's task; a place that can stop well
    catches the cancellation and asks `is_asked`.
    """

    def __init__(self) -> None:
        self._signal: signal.Signals | None = None
        self._task: asyncio.Task[object] | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the user wants to stop."""
        return self._signal is not None

    @property
    def exit_code(self) -> int:
        """The exit code that shells give to a program ended by this signal."""
        return SIGNAL_BASE + (self._signal or signal.SIGINT)

    def watch(self) -> None:
        """Take the signals for the current task from now on."""
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._take, number)

    def accept(self) -> bool:
        """Take a cancellation as answered if it came from here, so that work may go on."""
        if self._signal is None or self._task is None:
            return False
        self._task.uncancel()
        return True

    def _take(self, number: signal.Signals) -> None:
        if self._signal is not None or self._task is None:
            if sys.stderr.isatty():
                sys.stderr.write(SHOW_CURSOR)
                sys.stderr.flush()
            os._exit(SIGNAL_BASE + number)
        self._signal = number
        self._task.cancel()
