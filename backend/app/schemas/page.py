"""One page of a list."""

from typing import Generic, TypeVar

from pydantic import Field

from app.schemas.base import Frozen

Item = TypeVar("Item")


class Page(Frozen, Generic[Item]):
    """A page; `next_cursor` gives the next one, null at the end of the list."""

    items: tuple[Item, ...]
    next_cursor: str | None = Field(
        default=None, description="Send it as `cursor` for the next page; null: there is none."
    )
