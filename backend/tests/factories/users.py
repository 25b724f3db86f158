"""Users with a key."""

from dataclasses import dataclass

from app.core.database import Database
from app.core.ids import new_id
from app.models import User
from app.services.accounts import AccountRepository, AccountService


@dataclass(frozen=True, kw_only=True)
class KeyHolder:
    """A user and a key of theirs."""

    user: User
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """The header that proves who they are."""
        return {"Authorization": f"Bearer {self.key}"}


async def make_key_holder(
    database: Database, *, email: str = "mina@example.com", is_active: bool = True
) -> KeyHolder:
    """Insert a user with a key."""
    async with database.transaction() as session:
        user = User(id=new_id(), email=email, name=email.partition("@")[0], is_active=is_active)
        session.add(user)
        await session.flush()
        key = await AccountService(AccountRepository(session)).create_key(user, name="test key")
        await session.refresh(user)
    return KeyHolder(user=user, key=key)
