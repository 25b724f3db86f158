"""How a gate's check is reported: the first problems in words, the others counted."""

from collections.abc import Iterable
from itertools import islice

from app.artifacts.report import GateCheck

_SHOWN = 3
_COUNTED = 1_000


def gate_check(name: str, problems: Iterable[str]) -> GateCheck:
    """Return a check that failed if there is a problem; the detail names the first ones."""
    found = list(islice(problems, _COUNTED))
    detail = "; ".join(found[:_SHOWN])
    if len(found) > _SHOWN:
        detail += f"; and {len(found) - _SHOWN} more"
    return GateCheck(name=name, passed=not found, detail=detail)
