"""The shape every schema starts from."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

Items = TypeVar("Items", bound=tuple[object, ...])


class Frozen(BaseModel):
    """An immutable value; unknown fields are an error, so a typing mistake cannot pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def non_empty(items: Items) -> Items:
    """Return the items if there are any.

    `min_length` on a tuple also complains of too few items when one of them is wrong.

    Raises:
        ValueError: There are none.
    """
    if not items:
        message = "needs at least one item"
        raise ValueError(message)
    return items
