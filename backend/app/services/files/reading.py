"""Read files in a process of their own: a parser that hangs or swells on a hostile file is killed,
and neither the event loop nor the server's memory pays for it.
"""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from app.core.config import FileSettings
from app.core.errors import AppError
from app.schemas.source import Extract
from app.services.files.errors import FileReadFailed, FileReadTimeout
from app.sources import FileLimits, limit_process, read_isolated

WORKERS = 2
FILES_PER_PROCESS = 50


class FileReader:
    """A small pool of reading processes, started at first use."""

    def __init__(self, settings: FileSettings) -> None:
        self._timeout_s = settings.read_timeout_s
        self._limits = FileLimits(
            max_size_bytes=settings.max_size_bytes,
            max_unpacked_bytes=settings.max_unpacked_bytes,
            max_pages=settings.max_pages,
        )
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, content: bytes, *, file_id: str, file_name: str) -> Extract:
        """Read one file.

        Raises:
            FileRefused: The file cannot be used; the message says why and how to go on.
            FileReadTimeout: Reading took too long or too much memory.
        """
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(
            self._ensure_pool(), read_isolated, content, file_id, file_name, self._limits
        )
        try:
            outcome = await asyncio.wait_for(work, self._timeout_s)
        except TimeoutError as error:
            self._kill()
            raise FileReadTimeout(
                f"{file_name} could not be read within {self._timeout_s:.0f} s; split it or save "
                "it in another format."
            ) from error
        except BrokenProcessPool as error:
            self._kill()
            raise FileReadFailed(
                f"Reading {file_name} broke off; try again, and if it happens again save the file "
                "in another format."
            ) from error
        if isinstance(outcome, AppError):
            raise outcome
        return outcome

    def close(self) -> None:
        """End the processes."""
        self._kill()

    def _ensure_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=WORKERS,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=limit_process,
                max_tasks_per_child=FILES_PER_PROCESS,
            )
        return self._pool

    def _kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes: Sequence[multiprocessing.Process] = list((pool._processes or {}).values())  # noqa: SLF001 - a hung child has no other end
        for process in processes:
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
