"""Send a stored file: its name in any script, and nothing again that the client has."""

from pathlib import PurePath
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

NOT_MODIFIED = 304
# Attribute characters of RFC 8187, beside letters and digits.
PLAIN = "!#$&+-.^_`|~"


def file_response(
    request: Request, content: bytes, *, name: str, media_type: str, sha256: str
) -> Response:
    """Return the file, or only the word that the client's copy is current."""
    etag = f'"{sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if is_current(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = content_disposition(name)
    return Response(content, media_type=media_type, headers=headers)


def content_disposition(name: str) -> str:
    """Return the header for a download: the name in full (RFC 8187), and one for old clients."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    # A name in another script leaves nothing to recognise but its extension.
    fallback = plain if name.isascii() else f"file{PurePath(plain).suffix}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe=PLAIN)}"


def is_current(if_none_match: str, etag: str) -> bool:
    """Whether a client that sent this `If-None-Match` has the file (RFC 9110: weak comparison)."""
    given = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in given or etag in given
