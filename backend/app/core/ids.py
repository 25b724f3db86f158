"""The only place that makes identifiers."""

import secrets
import uuid


def new_id() -> str:
    """Return a new identifier: a UUID of version 4, in its canonical text form."""
    return str(uuid.uuid4())


def new_secret(size_bytes: int = 32) -> str:
    """Return a new URL-safe secret with `size_bytes` bytes of randomness."""
    return secrets.token_urlsafe(size_bytes)
