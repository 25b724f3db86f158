"""How a process is."""

from enum import StrEnum

from app.schemas.base import Frozen


class PartState(StrEnum):
    """How one part is: working, not working, or switched off here."""

    OK = "ok"
    AWAY = "away"
    OFF = "off"


class Health(Frozen):
    """The whole and its parts; the whole is `ok` when no part is away."""

    status: PartState
    version: str
    parts: dict[str, PartState]


class Liveness(Frozen):
    """The answer of a process that runs."""

    status: PartState = PartState.OK
