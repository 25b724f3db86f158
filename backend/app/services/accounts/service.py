"""Identity: the local owner of an embedded installation, and keys."""

from datetime import timedelta
from decimal import Decimal

from app.core.clock import utc_now
from app.models import User
from app.schemas.user import SpendingRead, UserUpdate
from app.services.accounts.errors import KeyRefused
from app.services.accounts.keys import is_same_hash, make_key, split_key
from app.services.accounts.repository import AccountRepository

# Knowing the minute of the last use is enough; writing each use would cost a commit a request.
LAST_USED_STEP = timedelta(minutes=1)


class AccountService:
    """Makes and checks identities."""

    def __init__(self, accounts: AccountRepository) -> None:
        self._accounts = accounts

    async def local_owner(self) -> User:
        """Return the local owner, made on first use."""
        return await self._accounts.local_owner()

    async def first_key(self, user: User) -> str | None:
        """Return a new key if the user has none that holds, else None. It is shown only now."""
        await self._accounts.lock_user(user.id)
        if await self._accounts.count_keys(user.id):
            return None
        return await self.create_key(user, name="first key")

    async def create_key(self, user: User, *, name: str) -> str:
        """Make a key and return it; only its hash is kept."""
        key = make_key()
        await self._accounts.add_key(user.id, name, key)
        return key.shown

    async def replace_keys(self, user: User) -> str:
        """Revoke every key of the user and return a new one."""
        await self._accounts.lock_user(user.id)
        await self._accounts.revoke_keys(user.id)
        return await self.create_key(user, name="replacement key")

    async def update(self, user_id: str, changes: UserUpdate) -> User:
        """Change what was named; a new daily cap holds from today on.

        It is never below what today has already spent and reserved.
        """
        named = {
            name: None if amount is None else Decimal(str(amount))
            for name, amount in changes.model_dump(exclude_unset=True).items()
        }
        if "daily_cap_usd" in named:
            await self._accounts.bound_day(user_id, utc_now().date(), named["daily_cap_usd"])
        return await self._accounts.change(user_id, named)

    async def spending(self, user: User) -> SpendingRead:
        """Return what the user's tasks have spent today (UTC)."""
        today = utc_now().date()
        sums = await self._accounts.day(user.id, today)
        cap = user.daily_cap_usd if sums is None else sums.cap_usd
        return SpendingRead(
            day=today,
            cap_usd=None if cap is None else float(cap),
            spent_usd=0 if sums is None else float(sums.spent_usd),
            reserved_usd=0 if sums is None else float(sums.reserved_usd),
        )

    async def authenticate(self, presented: str) -> User:
        """Return the user of a key.

        Raises:
            KeyRefused: The key does not hold.
        """
        parts = split_key(presented)
        found = await self._accounts.find_key(parts[0]) if parts is not None else None
        if parts is None or found is None or not is_same_hash(parts[1], found[0].secret_sha256):
            raise KeyRefused(
                "The API key is missing or does not hold; send it as `Authorization: Bearer "
                "md_live_…`. `madang key new` makes a new one."
            )
        key, user = found
        if key.last_used_at is None or utc_now() - key.last_used_at >= LAST_USED_STEP:
            key.last_used_at = utc_now()
        return user
