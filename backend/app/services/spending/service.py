"""What last month would have cost, from the ledger alone."""

from collections.abc import Callable
from datetime import date
from functools import partial

from app.agents.routing import Router
from app.core.database import Database
from app.core.policy import Policy
from app.schemas.simulation import SimulationRead
from app.services.spending.period import Period
from app.services.spending.repository import SpendingRepository
from app.services.spending.simulation import simulate


class SpendingService:
    """Simulates other policies over what a user's tasks did. It never calls a model."""

    def __init__(self, database: Database, router_on: Callable[[Policy, date], Router]) -> None:
        """Take the ledger, and what gives a policy's candidates with their prices of a day."""
        self._database = database
        self._router_on = router_on

    async def simulation(self, user_id: str, policy: Policy, period: Period) -> SimulationRead:
        """Return what the user's calls of a period would have cost under a policy.

        Raises:
            PolicyUnusable: The installation has no candidates.
        """
        async with self._database.transaction() as session:
            ledger = SpendingRepository(session)
            spends = await ledger.spends(user_id, period)
            builtin_steps = await ledger.count_builtin_steps(user_id, period)
        # Also for an empty ledger: a policy without candidates is no policy.
        self._router_on(policy, period.until)
        return simulate(
            spends,
            policy=policy,
            period=period,
            router_on=partial(self._router_on, policy),
            builtin_steps=builtin_steps,
        )
