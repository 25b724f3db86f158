"""Keyset pages: newest first, each beginning where the one before ended."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Query, Request, Response

from app.api.cursor import Key, decode_cursor, encode_cursor
from app.api.identity import runtime_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_CURSOR = 200


class Dated(Protocol):
    """What a keyset page can order."""

    @property
    def id(self) -> str:
        """The identifier."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was made."""
        ...


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery:
    """Which page is asked for, and where to tell of the next."""

    limit: int
    before: Key | None
    secret: str
    request: Request
    response: Response

    async def cut(
        self, load: Callable[[int, Key | None], Awaitable[Sequence[Row]]]
    ) -> tuple[Sequence[Row], str | None]:
        """Load the page and return its rows with the next cursor; set the `Link` header."""
        rows = await load(self.limit + 1, self.before)
        if len(rows) <= self.limit:
            return rows, None
        last = rows[self.limit - 1]
        cursor = encode_cursor((last.created_at, last.id), self.secret)
        target = self.request.url.include_query_params(cursor=cursor)
        # Relative: the name that the client used for this host is not ours to repeat.
        self.response.headers["Link"] = f'<{target.path}?{target.query}>; rel="next"'
        return rows[: self.limit], cursor


def page_query(
    request: Request,
    response: Response,
    cursor: Annotated[
        str | None,
        Query(max_length=MAX_CURSOR, description="`next_cursor` of the page before."),
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="Most items of the page.")
    ] = DEFAULT_LIMIT,
) -> PageQuery:
    """Return the page that the query asks for."""
    secret = runtime_of(request).settings.secret_key.get_secret_value()
    before = decode_cursor(cursor, secret) if cursor is not None else None
    return PageQuery(limit=limit, before=before, secret=secret, request=request, response=response)


PageDep = Annotated[PageQuery, Depends(page_query)]
