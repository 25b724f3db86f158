"""Users as they see themselves."""

from datetime import datetime

from pydantic import Field

from app.schemas.base import Frozen

MAX_AUTO_APPROVE_USD = 100_000


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

    auto_approve_below_usd: float = Field(ge=0, le=MAX_AUTO_APPROVE_USD)
