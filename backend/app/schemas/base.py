"""The two shapes every schema starts from."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value; unknown fields are an error, so a typing mistake cannot pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Draft(BaseModel):
    """A value under construction; unknown fields are an error."""

    model_config = ConfigDict(extra="forbid")
