"""The days that a simulation looks at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from app.core.errors import Invalid

DEFAULT_DAYS = 30
MAX_DAYS = 366
FIRST_DAY = date(2020, 1, 1)


class PeriodInvalid(Invalid):
    """The days asked for make no period."""

    code: ClassVar[str] = "period_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of UTC, both included."""

    since: date
    until: date

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)


def period_of(since: date | None, until: date | None, days: int | None, *, today: date) -> Period:
    """Return the period asked for; without anything, the last 30 days.

    Raises:
        PeriodInvalid: It is empty, too long, in the future, or given twice.
    """
    if since is not None and days is not None:
        raise PeriodInvalid("Give the first day or a number of days, not both.")
    last = until or today
    if not FIRST_DAY <= last <= today:
        raise PeriodInvalid(f"The last day must be between {FIRST_DAY} and today (UTC), {today}.")
    count = DEFAULT_DAYS if days is None else days
    if not 1 <= count <= MAX_DAYS:
        raise PeriodInvalid(f"The number of days must be between 1 and {MAX_DAYS}.")
    first = since or last - timedelta(days=count - 1)
    if first > last or (last - first).days >= MAX_DAYS:
        raise PeriodInvalid(
            f"The first day must be at most {MAX_DAYS - 1} days before the last, {last}, and not "
            "after it."
        )
    return Period(since=first, until=last)
