"""Who is asking."""

from app.api.deps import CurrentUser
from app.api.routing import identified_router
from app.schemas.user import UserRead

router = identified_router("/me", tag="account")


@router.get("", response_model=UserRead)
async def read_me(user: CurrentUser) -> UserRead:
    """Return the user of the presented key."""
    return UserRead.model_validate(user, from_attributes=True)
