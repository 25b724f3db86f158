"""What the calls of a period would have cost under another policy."""

from datetime import date
from enum import StrEnum

from app.core.policy import Policy
from app.schemas.base import Frozen


class Caveat(StrEnum):
    """What a simulation cannot know, or has left out."""

    TOKENS_AS_RECORDED = "tokens_as_recorded"
    QUALITY_UNKNOWN = "quality_unknown"
    CALLS_WITHOUT_COUNTS = "calls_without_counts"
    NO_PRICE = "no_price"
    NAMED_MODELS_KEPT = "named_models_kept"
    BUILTIN_STEPS_FREE = "builtin_steps_free"


class SimulatedShare(Frozen):
    """One model, agent or operation: what it cost, and what it would have cost, in dollars."""

    name: str
    actual_calls: int
    actual_usd: float
    simulated_calls: int
    simulated_usd: float


class LeftOut(Frozen):
    """Calls that could not be simulated, and what they cost."""

    reason: Caveat
    calls: int
    cost_usd: float


class SimulationRead(Frozen):
    """A period's calls as they were and as a policy would have had them; no model was called.

    Days are UTC, both included. `actual_usd` is what the simulated calls cost, `total_usd` what all
    did: the difference are the calls in `left_out`. `by_agent` has `planning` for calls that made
    plans. `builtin_steps` is how many steps the built-in composer did for nothing.
    """

    policy: Policy
    since: date
    until: date
    candidates: tuple[str, ...]
    calls: int
    input_tokens: int
    output_tokens: int
    total_usd: float
    actual_usd: float
    simulated_usd: float
    by_model: tuple[SimulatedShare, ...]
    by_agent: tuple[SimulatedShare, ...]
    by_operation: tuple[SimulatedShare, ...]
    left_out: tuple[LeftOut, ...]
    builtin_steps: int
    caveats: tuple[Caveat, ...]
