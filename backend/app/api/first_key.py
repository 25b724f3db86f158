"""The owner's first key of an embedded installation: made once, shown once, never logged."""

import sys

from app.runtime import Runtime
from app.services.accounts import AccountRepository, AccountService

TEXT = """
  Your API key (shown only now):

    {key}

  Send it as: Authorization: Bearer <key>
  `madang key new` makes another.

"""


async def show_first_key(runtime: Runtime) -> None:
    """Make the local owner and, if the owner has no key yet, write one to standard error."""
    if not runtime.is_embedded:
        return
    async with runtime.database.transaction() as session:
        accounts = AccountService(AccountRepository(session))
        key = await accounts.first_key(await accounts.local_owner())
    if key is not None:
        sys.stderr.write(TEXT.format(key=key))
        sys.stderr.flush()
