"""The one error tree, by category; each delivery layer maps categories, never single errors.

| category | HTTP | CLI exit |
|---|---|---|
| Invalid | 422 | 2 |
| Unauthenticated | 401 | 3 |
| Forbidden | 403 | 3 |
| NotFound | 404 | 4 |
| Conflict | 409 | 5 |
| Limited | 429 | 6 |
| Unavailable | 503 | 7 |
"""

from typing import ClassVar

Fact = str | int | float | list[str] | list[dict[str, str | float | None]] | None


class AppError(Exception):
    """An error a user can act on. `code` is stable; the message is one sentence that says what
    happened and how to go on; `facts` are for machines and never hold secrets.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Invalid(AppError):
    """The request cannot be done as asked."""

    code = "invalid"


class Unauthenticated(AppError):
    """No identity, or one that does not hold."""

    code = "unauthenticated"


class Forbidden(AppError):
    """A known identity without the right."""

    code = "forbidden"


class NotFound(AppError):
    """Not there, or not visible to this user."""

    code = "not_found"


class Conflict(AppError):
    """The thing's present state does not allow it."""

    code = "conflict"


class Limited(AppError):
    """A cap, quota or limit stands in the way."""

    code = "limited"


class Unavailable(AppError):
    """Something this depends on is away; trying later may help."""

    code = "unavailable"
