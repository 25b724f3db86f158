"""Who is asking, and what they may change of themselves."""

from app.api.deps import CurrentUser, RuntimeDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.user import UserRead, UserUpdate
from app.services.accounts import AccountRepository, AccountService

router = identified_router("/me", tag="account")


@router.get("", response_model=UserRead)
async def read_me(user: CurrentUser) -> UserRead:
    """Return the user of the presented key."""
    return UserRead.model_validate(user, from_attributes=True)


@router.patch("", response_model=UserRead, responses=problems(413, 415, 422))
async def update_me(body: UserUpdate, user: CurrentUser, runtime: RuntimeDep) -> UserRead:
    """Change below which expected cost your plans are approved without asking."""
    async with runtime.database.transaction() as session:
        changed = await AccountService(AccountRepository(session)).set_auto_approve_below_usd(
            user.id, body.auto_approve_below_usd
        )
    return UserRead.model_validate(changed, from_attributes=True)
