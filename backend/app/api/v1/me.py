"""Who is asking, and what they may change of themselves."""

from datetime import date
from typing import Annotated

from fastapi import Query

from app.api.deps import CurrentUser, RuntimeDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.core.clock import utc_now
from app.core.policy import Policy
from app.schemas.simulation import SimulationRead
from app.schemas.user import SpendingRead, UserRead, UserUpdate
from app.services.accounts import AccountRepository, AccountService
from app.services.spending import MAX_DAYS, period_of

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


@router.get("/spending/simulation", response_model=SimulationRead, responses=problems(422))
async def simulate_spending(
    policy: Annotated[Policy, Query(description="The policy to try.")],
    user: CurrentUser,
    runtime: RuntimeDep,
    *,
    since: Annotated[date | None, Query(description="First day (UTC).")] = None,
    until: Annotated[date | None, Query(description="Last day (UTC); today by default.")] = None,
    days: Annotated[
        int | None, Query(ge=1, le=MAX_DAYS, description="Number of days; 30 by default.")
    ] = None,
) -> SimulationRead:
    """Say what your calls of a period would have cost under a policy, from the ledger alone.

    No model is called. What it cannot know is in `caveats`, what it left out in `left_out`.
    """
    period = period_of(since, until, days, today=utc_now().date())
    return await runtime.spending.simulation(user.id, policy, period)
