"""Ctrl+C and SIGTERM: the first asks politely, the second leaves at once."""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import resource_tracker
from typing import NoReturn, Self

from app.cli.exit_codes import SIGNAL_BASE

SHOW_CURSOR = "\x1b[?25h"


class Interruption:
    """The signals of one command, taken while the context is open.

    The first signal cancels the command's task; a place that can stop well catches the
    cancellation and calls `accept`.
    """

    def __init__(self) -> None:
        self._signal: signal.Signals | None = None
        self._task: asyncio.Task[object] | None = None
        self._is_over = threading.Event()

    @property
    def exit_code(self) -> int:
        """The exit code that shells give to a program ended by this signal."""
        return SIGNAL_BASE + (self._signal or signal.SIGINT)

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._take, number)
        return self

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        self._is_over.set()

    def protect_children(self) -> None:
        """Keep Ctrl+C, which the terminal sends to every process, from those started from now on.

        They inherit that the main thread blocks it, and so end with us instead of with a traceback
        of their own. A thread that does nothing else receives it in the main thread's place.
        """
        threading.Thread(target=self._is_over.wait, name="signals", daemon=True).start()
        # Its start unblocks the signal, so it must be behind us.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def accept(self) -> bool:
        """Take a cancellation as answered if it came from here, so that work may go on."""
        if self._signal is None or self._task is None:
            return False
        self._task.uncancel()
        return True

    def _take(self, number: signal.Signals) -> None:
        if self._signal is not None or self._task is None:
            _leave(SIGNAL_BASE + number)
        self._signal = number
        self._task.cancel()


def _leave(code: int) -> NoReturn:
    if sys.stderr.isatty():
        sys.stderr.write(SHOW_CURSOR)
        sys.stderr.flush()
    # Nobody else would: processes that read and make files wait for work for ever.
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(code)
