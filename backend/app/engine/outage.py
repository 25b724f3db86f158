"""Wait out a database outage. Every transaction of the engine is idempotent or fenced, so it may
simply be tried again; a lost acknowledgement is recognised because the second try finds its work
done (`Stale`) or finds its row.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.core.clock import monotonic_s
from app.core.logging import get_logger
from app.core.postgres import DatabaseUnavailable

MAX_OUTAGE_S = 90.0
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0

T = TypeVar("T")
log = get_logger(__name__)


async def outlast(move: Callable[[], Awaitable[T]]) -> T:
    """Run `move`, again after each outage, for at most 90 seconds.

    Raises:
        DatabaseUnavailable: The outage lasted longer.
    """
    deadline_s = monotonic_s() + MAX_OUTAGE_S
    wait_s = FIRST_WAIT_S
    while True:
        try:
            return await move()
        except DatabaseUnavailable:
            if monotonic_s() >= deadline_s:
                raise
            log.warning("database_away", retry_in_s=wait_s)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
