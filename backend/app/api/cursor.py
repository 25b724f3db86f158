"""Cursors of keyset pages: where the page before ended, in a form to hand out."""

import base64
import binascii
from datetime import datetime

from app.api.refusals import CursorInvalid
from app.schemas.orchestrator import canonical_id

SEPARATOR = "|"
Key = tuple[datetime, str]


def encode_cursor(key: Key) -> str:
    """Return the cursor of the last row of a page."""
    created_at, id = key
    text = f"{created_at.isoformat()}{SEPARATOR}{id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> Key:
    """Return the row after which a page begins.

    Raises:
        CursorInvalid: The cursor was not given out by a list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
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
