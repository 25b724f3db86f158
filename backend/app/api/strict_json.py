"""Read JSON bodies strictly: what PostgreSQL or Python cannot carry is refused here, by name."""

import json
from typing import Any

import orjson
from fastapi import Request

from app.api.refusals import RequestTooLarge
from app.api.validation import body_problem, json_pointer

# A plan of sixty steps, each with the longest instructions, in Korean, stays below.
MAX_JSON_BYTES = 2_000_000
NUL = "\x00"
ESCAPED_NUL = rb"\u0000"


class StrictRequest(Request):
    """A request whose JSON body is read once, strictly, before the route sees it."""

    _parsed: Any = None

    async def read_json(self) -> None:
        """Read the body, if there is one.

        Raises:
            RequestTooLarge: It is too long to be JSON for any route.
            RequestInvalid: It is not JSON (NaN and lone surrogates are not), or holds a NUL.
        """
        body = await self.body()
        if len(body) > MAX_JSON_BYTES:
            raise RequestTooLarge(
                f"The JSON body has more than {MAX_JSON_BYTES:,} bytes; put long material into a "
                "file and upload it.",
                limit_bytes=MAX_JSON_BYTES,
            )
        self._parsed = parse_json(body) if body else None

    async def json(self) -> Any:
        """Return the parsed body."""
        return self._parsed


def parse_json(body: bytes) -> object:
    """Return the value of a JSON text, or raise `RequestInvalid`."""
    try:
        value: object = orjson.loads(body)
    except json.JSONDecodeError as error:
        raise body_problem("", f"is not valid JSON: {error.msg} (byte {error.pos})") from None
    if ESCAPED_NUL in body:
        found = _find_nul(value, ())
        if found is not None:
            raise body_problem(json_pointer(found), "holds a NUL character, which cannot be kept")
    return value


def _find_nul(value: object, at: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    if isinstance(value, str):
        return at if NUL in value else None
    if isinstance(value, dict):
        if any(NUL in key for key in value):
            return at
        parts: list[tuple[str | int, object]] = list(value.items())
    else:
        parts = list(enumerate(value)) if isinstance(value, list) else []
    found = (_find_nul(part, (*at, key)) for key, part in parts)
    return next((place for place in found if place is not None), None)
