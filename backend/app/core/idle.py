"""Give memory back when nobody works: what is quick to load again is let go after a quiet time.

Parts that hold much (a model, files read, processes) say when they were last used and how to let
go. They load again at their next use, so that a release is never wrong, only slow.
"""

import asyncio
import ctypes
import gc
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from app.core.clock import monotonic_s
from app.core.logging import get_logger

LOOKS_PER_WAIT = 4
LONGEST_LOOK_S = 15.0
log = get_logger(__name__)


class Releasable(Protocol):
    """A part that can let go of what it holds and load it again."""

    def last_used_s(self) -> float | None:
        """Return when it was last used, by `monotonic_s`; None while it holds nothing."""
        ...

    def release(self) -> None:
        """Let go of everything nobody is using; quick, safe at any moment, on the event loop."""
        ...


class IdleRelease:
    """Releases parts that were not used for `after_s` seconds, and returns memory to the system."""

    def __init__(self, parts: Sequence[Releasable], *, after_s: float) -> None:
        self._parts = tuple(parts)
        self._after_s = after_s

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(min(self._after_s / LOOKS_PER_WAIT, LONGEST_LOOK_S))
            if released := self.look(monotonic_s()):
                # In a thread: both walk the whole heap.
                await asyncio.to_thread(return_memory)
                log.debug("idle_released", parts=released)

    def look(self, now_s: float) -> int:
        """Release the parts that are idle at `now_s`; return how many were."""
        idle = [part for part in self._parts if self._is_idle(part, now_s)]
        for part in idle:
            part.release()
        return len(idle)

    def _is_idle(self, part: Releasable, now_s: float) -> bool:
        last_used_s = part.last_used_s()
        return last_used_s is not None and now_s - last_used_s >= self._after_s


def return_memory() -> None:
    """Collect garbage and hand freed pages back to the system, where the C library can."""
    gc.collect()
    if (trim := _malloc_trim()) is not None:
        trim(0)


@lru_cache(maxsize=1)
def _malloc_trim() -> "ctypes._NamedFuncPointer | None":
    # glibc keeps freed pages of every thread's arena; macOS and musl have no such call.
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
