"""What runs inside a reading process: little to import, a bound on memory, errors as values."""

import multiprocessing
import os
import resource
import signal
import threading
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from app.core.errors import AppError
from app.schemas.source import Extract
from app.sources.errors import FileUnreadable
from app.sources.limits import FileLimits
from app.sources.read import read_file

MEMORY_BYTES = 4 * 1024**3


def limit_process() -> None:
    """Leave Ctrl-C to the parent, bound the memory of a hostile file, and end with the parent."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _end_with(parent: BaseProcess) -> None:
    # A parent that was killed cannot end its children; they would hold its pipes open for ever.
    wait([parent.sentinel])
    os._exit(0)


def read_isolated(
    content: bytes, file_id: str, file_name: str, limits: FileLimits
) -> Extract | AppError:
    """Read a file. Errors are returned: one with arguments of its own may not survive the way."""
    try:
        return read_file(content, file_id=file_id, file_name=file_name, limits=limits)
    except AppError as error:
        return error
    except MemoryError:
        return FileUnreadable(
            f"{file_name} needs more memory to read than is allowed; split it and try again.",
            file_name=file_name,
        )
