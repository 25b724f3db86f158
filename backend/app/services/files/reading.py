"""Read files in a process of their own: a parser that hangs or swells on a hostile file is killed,
and neither the event loop nor the server's memory pays for it.
"""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from app.core.clock import monotonic_s
from app.core.config import FileSettings
from app.core.errors import AppError
from app.schemas.source import Extract
from app.services.files.errors import FileReadFailed, FileReadTimeout
from app.sources import FileLimits, limit_process, read_isolated

WORKERS = 2
FILES_PER_PROCESS = 50


class FileReader:
    """A few reading processes, started at first use. A file waits until one is free; its time
    counts from then, and one that kills its process harms no other file.
    """

    def __init__(self, settings: FileSettings) -> None:
        self._timeout_s = settings.read_timeout_s
        self._limits = FileLimits.from_settings(settings)
        self._free = asyncio.Semaphore(WORKERS)
        self._processes = [_ReadingProcess() for _ in range(WORKERS)]
        self._idle = list(self._processes)
        self._last_used_s = monotonic_s()

    def last_used_s(self) -> float | None:
        """Return when a file was last read; None while no process waits for one."""
        return self._last_used_s if any(p.is_started for p in self._idle) else None

    def release(self) -> None:
        """End the processes that read nothing now; others start with the next file."""
        for process in self._idle:
            process.kill()

    async def read(self, content: bytes, *, file_id: str, file_name: str) -> Extract:
        """Read one file.

        Raises:
            FileRefused: The file cannot be used; the message says why and how to go on.
            FileReadTimeout: Reading took too long.
            FileReadFailed: The process died of it.
        """
        async with self._free:
            process = self._idle.pop()
            try:
                outcome = await self._read(process, content, file_id, file_name)
            finally:
                self._last_used_s = monotonic_s()
                self._idle.append(process)
        if isinstance(outcome, AppError):
            raise outcome
        return outcome

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.kill()

    async def _read(
        self, process: "_ReadingProcess", content: bytes, file_id: str, file_name: str
    ) -> Extract | AppError:
        work = process.start(content, file_id, file_name, self._limits)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await work
        except TimeoutError as error:
            process.kill()
            raise FileReadTimeout(
                f"{file_name} could not be read within {self._timeout_s:.0f} s; split it or save "
                "it in another format."
            ) from error
        except BrokenProcessPool as error:
            process.kill()
            raise FileReadFailed(
                f"Reading {file_name} broke off; try again, and if it happens again save the file "
                "in another format."
            ) from error
        except asyncio.CancelledError:
            # Nobody waits for it any more, and the next file must not wait behind it.
            process.kill()
            raise


class _ReadingProcess:
    """One process that reads one file at a time; a new one stands in for one that was killed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    @property
    def is_started(self) -> bool:
        return self._pool is not None

    def start(
        self, content: bytes, file_id: str, file_name: str, limits: FileLimits
    ) -> asyncio.Future[Extract | AppError]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=limit_process,
                max_tasks_per_child=FILES_PER_PROCESS,
            )
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._pool, read_isolated, content, file_id, file_name, limits)

    def kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes: Sequence[multiprocessing.Process] = list((pool._processes or {}).values())  # noqa: SLF001 - a hung child has no other end
        for process in processes:
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
