"""Work in processes of their own: a call that hangs, swells or crashes is ended there, and neither
the event loop nor this process's memory pays for it.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from app.core.clock import monotonic_s
from app.core.errors import AppError

MEMORY_BYTES = 4 * 1024**3
CALLS_PER_PROCESS = 50

T = TypeVar("T")


class ProcessDied(Exception):
    """The process ended in the middle of a call: killed by the system, or crashed."""


class WorkProcesses:
    """A few processes, started at first use. A call waits until one is free; one that kills its
    process harms no other.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._processes = [_WorkProcess() for _ in range(count)]
        self._idle = list(self._processes)
        self._last_used_s = monotonic_s()

    def last_used_s(self) -> float | None:
        """Return when a call last ended; None while no process waits for one."""
        return self._last_used_s if any(p.is_started for p in self._idle) else None

    def release(self) -> None:
        """End the processes that do nothing now; others start with the next call."""
        for process in self._idle:
            process.kill()

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.kill()

    async def call(
        self, function: Callable[..., T], *arguments: object, timeout_s: float | None = None
    ) -> T:
        """Call a module's function in a process; its arguments and its result must pickle.

        A call that is cancelled, or takes `timeout_s` from when its process was free, is ended
        with its process.

        Raises:
            AppError: As the function raised it.
            TimeoutError: It took too long.
            ProcessDied: The process ended without an answer.
        """
        async with self._free:
            process = self._idle.pop()
            try:
                async with asyncio.timeout(timeout_s):
                    outcome = await process.call(function, arguments)
            finally:
                self._last_used_s = monotonic_s()
                self._idle.append(process)
        if isinstance(outcome, AppError):
            raise outcome
        return outcome


class _WorkProcess:
    """One process that does one call at a time; a new one stands in for one that was killed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    @property
    def is_started(self) -> bool:
        return self._pool is not None

    async def call(self, function: Callable[..., T], arguments: Sequence[object]) -> T | AppError:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                max_tasks_per_child=CALLS_PER_PROCESS,
            )
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, _outcome, function, arguments)
        except BrokenProcessPool as error:
            self.kill()
            raise ProcessDied from error
        except asyncio.CancelledError:
            # Nobody waits for it any more, and the next call must not wait behind it.
            self.kill()
            raise

    def kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes: Sequence[multiprocessing.Process] = list((pool._processes or {}).values())  # noqa: SLF001 - a hung child has no other end
        for process in processes:
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the parent, end with it, and bound the memory that hostile input may take."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _end_with(parent: BaseProcess) -> None:
    # A parent that was killed cannot end its children; they would hold its pipes open for ever.
    wait([parent.sentinel])
    os._exit(0)


def _outcome(function: Callable[..., T], arguments: Sequence[object]) -> T | AppError:
    # Returned, not raised: an error with arguments of its own does not survive unpickling.
    try:
        return function(*arguments)
    except AppError as error:
        return error
