"""Read problem documents."""

from typing import Any

from httpx import Response


def problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem document of an answer that must be one of this status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    assert document["type"] == f"urn:madang:error:{code}"
    assert document["request_id"] == answer.headers["X-Request-ID"]
    assert document["detail"].endswith((".", "`"))
    return document


def pointers(document: dict[str, Any]) -> list[str]:
    """Return what a problem document calls wrong, as location and pointer."""
    return [f"{error['location']}:{error['pointer']}" for error in document["errors"]]
