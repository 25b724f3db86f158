"""Users as they see themselves."""

from datetime import date, datetime
from typing import Self

from pydantic import model_validator

from app.schemas.base import Frozen
from app.schemas.money import CapUsd


class UserRead(Frozen):
    """Who the presented key belongs to."""

    id: str
    email: str
    name: str
    is_local_owner: bool
    auto_approve_below_usd: float
    daily_cap_usd: float | None
    created_at: datetime


class SpendingRead(Frozen):
    """What a user's tasks have spent on a day (UTC), in dollars.

    `reserved_usd` is held for calls in flight; `cap_usd` is None where nothing bounds the day.
    """

    day: date
    cap_usd: float | None
    spent_usd: float
    reserved_usd: float


class UserUpdate(Frozen):
    """What a user may change of themselves; what is left out stays as it is.

    A plan whose 90th percentile of cost is below `auto_approve_below_usd`, in dollars, and that
    breaks no limit is approved without asking. 0 asks always. `daily_cap_usd` bounds what all of
    the user's tasks together spend on a day (UTC); null takes the bound away.
    """

    auto_approve_below_usd: CapUsd = 0
    daily_cap_usd: CapUsd | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            message = "name at least one of auto_approve_below_usd and daily_cap_usd"
            raise ValueError(message)
        return self
