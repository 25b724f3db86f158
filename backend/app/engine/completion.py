"""Work that a cancellation must not cut in two, and work that may fail without harm."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.core.logging import get_logger

T = TypeVar("T")
log = get_logger(__name__)


async def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end; a cancellation meanwhile is raised after it, not instead of it."""
    running = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from (None if running.cancelled() else running.exception())
    return running.result()


async def careful(chore: Coroutine[Any, Any, None]) -> None:
    """Do a chore; log why it failed. What is left undone is found again by the rows."""
    try:
        await chore
    except Exception:
        log.exception("chore_failed")
