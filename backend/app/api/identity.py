"""Who is asking: the key in `Authorization: Bearer md_live_…`."""

from fastapi import Request
from fastapi.security import HTTPBearer

from app.models import User
from app.runtime import Runtime
from app.services.accounts import AccountRepository, AccountService

SCHEME = "bearer"

bearer = HTTPBearer(
    scheme_name="apiKey",
    bearerFormat="md_live_<id>_<secret>",
    description="An API key. `madang key new` makes one.",
    auto_error=False,
)


def runtime_of(request: Request) -> Runtime:
    """Return the runtime that this process opened at its start."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def authenticate(request: Request) -> User:
    """Return the user of the presented key.

    Raises:
        KeyRefused: There is no key, or it does not hold.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    presented = key if scheme.lower() == SCHEME else ""
    async with runtime_of(request).database.transaction() as session:
        return await AccountService(AccountRepository(session)).authenticate(presented)
