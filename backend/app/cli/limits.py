"""The limits that were typed, as the constraints of an order."""

import math

from app.cli.errors import OptionInvalid
from app.cli.options import OrderLimits, clean_argument
from app.schemas.constraints import MAX_ALLOWED_MODELS, MAX_NEEDED_FILES, Constraints
from app.schemas.plan import AgentName

MAX_NAME = 200


def checked_limits(typed: OrderLimits) -> Constraints:
    """Return the limits of an order.

    Raises:
        OptionInvalid: One of them cannot be held.
    """
    time_s = typed.max_time_s
    if time_s is not None and not (math.isfinite(time_s) and time_s > 0):
        raise OptionInvalid("--max-time-s must be a number of seconds above 0.")
    return Constraints(
        max_time_s=time_s,
        max_tokens=typed.max_tokens,
        max_steps=typed.max_steps,
        allowed_agents=_agents(typed.agents or ()) or None,
        allowed_models=_names("--allow-model", typed.models or (), MAX_ALLOWED_MODELS) or None,
        needed_files=_names("--need-file", typed.needed_files or (), MAX_NEEDED_FILES),
    )


def _agents(names: list[str] | tuple[()]) -> tuple[AgentName, ...]:
    unknown = [name for name in names if name not in set(AgentName)]
    if unknown:
        raise OptionInvalid(
            f"There is no agent {unknown[0][:40]!r}; use one of {', '.join(AgentName)}."
        )
    return tuple(AgentName(name) for name in dict.fromkeys(names))


def _names(option: str, given: list[str] | tuple[()], most: int) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(clean_argument(name) for name in given))
    if len(names) > most:
        raise OptionInvalid(f"{option} can be given at most {most} times.")
    if any(not 0 < len(name) <= MAX_NAME for name in names):
        raise OptionInvalid(f"{option} takes 1 to {MAX_NAME} characters.")
    return names
