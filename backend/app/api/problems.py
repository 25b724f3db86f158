"""Describe the errors of a route in OpenAPI."""

from typing import Any

from app.api.errors import MEDIA_TYPE

PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}
MEANINGS = {
    400: "The body cannot be taken apart.",
    401: "There is no key, or it does not hold.",
    404: "It is not there, or not yours.",
    409: "Its present state does not allow this.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "A part of the request is wrong; `errors` or `detail` says which and why.",
    429: "A cap or limit stands in the way.",
    503: "Something this needs is away; try again after `Retry-After` seconds.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that answers these statuses with problem documents."""
    return {
        status: {
            "description": MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}},
        }
        for status in statuses
    }
