"""Who is asking: the local owner and the keys that prove it."""

from app.services.accounts.errors import KeyRefused
from app.services.accounts.keys import API_KEY_START
from app.services.accounts.repository import AccountRepository
from app.services.accounts.service import AccountService

__all__ = ["API_KEY_START", "AccountRepository", "AccountService", "KeyRefused"]
