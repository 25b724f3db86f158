"""The only place that knows what time it is."""

import time
from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def local_today() -> date:
    """Return today's date where the machine is."""
    return datetime.now(UTC).astimezone().date()


def monotonic_s() -> float:
    """Return a clock in seconds that never goes back, for durations."""
    return time.monotonic()
