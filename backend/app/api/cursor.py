"""Cursors of keyset pages: where the page before ended, signed, so that only ours are followed."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from app.api.refusals import CursorInvalid
from app.schemas.orchestrator import canonical_id

SEPARATOR = "|"
SIGNATURE_BYTES = 12
Key = tuple[datetime, str]


def encode_cursor(key: Key, secret: str) -> str:
    """Return the cursor of the last row of a page."""
    created_at, id = key
    text = f"{created_at.isoformat()}{SEPARATOR}{id}"
    signed = _signature(text.encode(), secret) + text.encode()
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def decode_cursor(cursor: str, secret: str) -> Key:
    """Return the row after which a page begins.

    Raises:
        CursorInvalid: The cursor was not given out by a list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        signed = base64.b64decode(padded, altchars=b"-_", validate=True)
        signature, body = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
        is_ours = hmac.compare_digest(signature, _signature(body, secret))
        text = body.decode("ascii") if is_ours else ""
        moment, _, id = text.partition(SEPARATOR)
        created_at = datetime.fromisoformat(moment)
        key = (created_at, canonical_id(id))
    except (ValueError, binascii.Error):
        created_at = None
    if created_at is None or created_at.tzinfo is None:
        raise CursorInvalid(
            "The cursor is not one that this list gave out; take `next_cursor` as it came, or "
            "leave it out to begin at the newest."
        )
    return key


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), body, hashlib.sha256)[:SIGNATURE_BYTES]
