"""Keys, replaced while others are."""

import asyncio

from app.core.database import Database
from app.services.accounts import AccountRepository, AccountService


class TestReplaceKeys:
    async def test_twice_at_once_leaves_one_key(self, database: Database) -> None:
        async with database.transaction() as session:
            owner = await AccountRepository(session).local_owner()
            await AccountService(AccountRepository(session)).create_key(owner, name="old")
        both_began = asyncio.Barrier(2)

        async def replace() -> None:
            async with database.transaction() as session:
                accounts = AccountService(AccountRepository(session))
                user = await accounts.local_owner()
                await both_began.wait()
                await accounts.replace_keys(user)

        await asyncio.gather(replace(), replace())
        async with database.transaction() as session:
            assert await AccountRepository(session).count_keys(owner.id) == 1
