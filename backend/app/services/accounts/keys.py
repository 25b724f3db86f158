"""API keys: `md_live_<id>_<secret>`. The id finds the row, the secret is kept only as a hash.

The secret has 256 random bits, so a plain SHA-256 protects it; slow hashes are for passwords.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from app.core.ids import new_secret

API_KEY_START = "md_live_"
_FORM = re.compile(r"md_live_(?P<prefix>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{20,100})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as it is shown once, and the parts that are kept."""

    shown: str
    prefix: str
    secret_sha256: str


def make_key() -> NewKey:
    """Return a new random key."""
    prefix, secret = secrets.token_hex(6), new_secret()
    return NewKey(
        shown=f"{API_KEY_START}{prefix}_{secret}", prefix=prefix, secret_sha256=_hash(secret)
    )


def split_key(presented: str) -> tuple[str, str] | None:
    """Return the prefix and the secret's hash of a well-formed key, else None."""
    match = _FORM.fullmatch(presented.strip())
    return (match["prefix"], _hash(match["secret"])) if match else None


def is_same_hash(left: str, right: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(left, right)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
