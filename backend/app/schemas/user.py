"""Users as they see themselves."""

from datetime import datetime

from app.schemas.base import Frozen
from app.schemas.money import CapUsd


class UserRead(Frozen):
    """Who the presented key belongs to."""

    id: str
    email: str
    name: str
    is_local_owner: bool
    auto_approve_below_usd: float
    created_at: datetime


class UserUpdate(Frozen):
    """What a user may change of themselves.

    A plan whose 90th percentile of cost is below `auto_approve_below_usd`, in dollars, and that
    breaks no limit is approved without asking. 0 asks always.
    """

    auto_approve_below_usd: CapUsd
