"""Users as they see themselves."""

from datetime import datetime

from app.schemas.base import Frozen


class UserRead(Frozen):
    """Who the presented key belongs to."""

    id: str
    email: str
    name: str
    is_local_owner: bool
    created_at: datetime
