"""Who is asking, and what they may change of themselves."""

from app.api.deps import CurrentUser, RuntimeDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.user import SpendingRead, UserRead, UserUpdate
from app.services.accounts import AccountRepository, AccountService

router = identified_router("/me", tag="account")


@router.get("", response_model=UserRead)
async def read_me(user: CurrentUser) -> UserRead:
    """Return the user of the presented key."""
    return UserRead.model_validate(user, from_attributes=True)


@router.patch("", response_model=UserRead, responses=problems(413, 415, 422))
async def update_me(body: UserUpdate, user: CurrentUser, runtime: RuntimeDep) -> UserRead:
    """Change which plans are approved without asking, and what your tasks may spend on a day."""
    async with runtime.database.transaction() as session:
        changed = await AccountService(AccountRepository(session)).update(user.id, body)
    return UserRead.model_validate(changed, from_attributes=True)


@router.get("/spending", response_model=SpendingRead)
async def read_spending(user: CurrentUser, runtime: RuntimeDep) -> SpendingRead:
    """Return what your tasks have spent today (UTC), and what they may."""
    async with runtime.database.transaction() as session:
        return await AccountService(AccountRepository(session)).spending(user)
