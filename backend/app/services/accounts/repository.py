"""Every query of users and keys."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utc_now
from app.core.ids import new_id
from app.models import USER_DAY, ApiKey, SpendLimit, User
from app.services.accounts.keys import NewKey

OWNER_EMAIL = "owner@localhost"
OWNER_NAME = "Local owner"


class AccountRepository:
    """Users and keys within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def local_owner(self) -> User:
        """Return the local owner, made if missing; two processes at once make one."""
        await self._session.execute(
            insert(User)
            .values(id=new_id(), email=OWNER_EMAIL, name=OWNER_NAME, is_local_owner=True)
            .on_conflict_do_nothing()
        )
        found = await self._session.execute(select(User).where(User.is_local_owner))
        return found.scalar_one()

    async def lock_user(self, user_id: str) -> None:
        """Make others who change this user's keys wait for this transaction."""
        await self._session.execute(select(User.id).where(User.id == user_id).with_for_update())

    async def auto_approve_below_usd(self, user_id: str) -> Decimal:
        """Return below which expected cost the user's plans approve themselves."""
        found = await self._session.execute(
            select(User.auto_approve_below_usd).where(User.id == user_id)
        )
        return found.scalar_one()

    async def change(self, user_id: str, changes: Mapping[str, Decimal | None]) -> User:
        """Set columns of the user and return the user."""
        found = await self._session.execute(
            update(User).where(User.id == user_id).values(**changes).returning(User)
        )
        return found.scalar_one()

    async def bound_day(self, user_id: str, day: date, cap_usd: Decimal | None) -> None:
        """Give a day that has begun another cap, never below what it has spent and reserved."""
        used = SpendLimit.spent_usd + SpendLimit.reserved_usd
        await self._session.execute(
            update(SpendLimit)
            .where(of_day(user_id, day))
            .values(cap_usd=None if cap_usd is None else func.greatest(cap_usd, used))
        )

    async def day(self, user_id: str, day: date) -> SpendLimit | None:
        """Return the sums of a user's day; None when nothing was spent."""
        found = await self._session.execute(select(SpendLimit).where(of_day(user_id, day)))
        return found.scalar_one_or_none()

    async def count_keys(self, user_id: str) -> int:
        """Return how many keys of the user hold."""
        found = await self._session.execute(
            select(func.count())
            .select_from(ApiKey)
            .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        )
        return found.scalar_one()

    async def add_key(self, user_id: str, name: str, key: NewKey) -> None:
        """Insert a key."""
        self._session.add(
            ApiKey(
                id=new_id(),
                user_id=user_id,
                name=name,
                prefix=key.prefix,
                secret_sha256=key.secret_sha256,
            )
        )
        await self._session.flush()

    async def revoke_keys(self, user_id: str) -> None:
        """Revoke every key of the user."""
        await self._session.execute(
            update(ApiKey)
            .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
            .values(revoked_at=utc_now())
        )

    async def find_key(self, prefix: str) -> tuple[ApiKey, User] | None:
        """Return a key that holds and its active user."""
        found = await self._session.execute(
            select(ApiKey, User)
            .join(User, User.id == ApiKey.user_id)
            .where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None), User.is_active)
        )
        row = found.first()
        return (row[0], row[1]) if row is not None else None


def of_day(user_id: str, day: date) -> ColumnElement[bool]:
    """Return the condition that picks the sums of a user's day."""
    return and_(
        SpendLimit.owner_id == user_id, SpendLimit.scope == USER_DAY, SpendLimit.starts_on == day
    )
