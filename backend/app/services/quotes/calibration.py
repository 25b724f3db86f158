"""Compare what was forecast with what came."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from app.schemas.calibration import CalibrationRead, CalibrationRow, MeasureCalibration
from app.schemas.plan import AgentName, BasisKind, Quote, Range


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedRun:
    """A quote and what came; `agent` is None for a whole plan."""

    agent: AgentName | None
    model: str
    quote: Quote
    time_s: float
    cost_usd: float
    tokens: float


def calibrate(runs: Iterable[QuotedRun]) -> CalibrationRead:
    """Group the runs by agent, model and basis: whole plans first, then agents by name."""
    groups: dict[tuple[str, str, BasisKind], list[QuotedRun]] = defaultdict(list)
    for run in runs:
        groups[(run.agent or "", run.model, run.quote.basis.kind)].append(run)
    return CalibrationRead(rows=tuple(_row(groups[key]) for key in sorted(groups)))


def _row(runs: Sequence[QuotedRun]) -> CalibrationRow:
    first = runs[0]
    return CalibrationRow(
        agent=first.agent,
        model=first.model,
        basis=first.quote.basis.kind,
        runs=len(runs),
        time_s=_measure(runs, lambda run: (run.quote.time_s, run.time_s)),
        cost_usd=_measure(runs, lambda run: (run.quote.cost_usd, run.cost_usd)),
        tokens=_measure(runs, lambda run: (run.quote.tokens, run.tokens)),
    )


def _measure(
    runs: Sequence[QuotedRun], pair: Callable[[QuotedRun], tuple[Range, float]]
) -> MeasureCalibration | None:
    pairs = [pair(run) for run in runs]
    if all(said.p90 == 0 and came == 0 for said, came in pairs):
        return None
    below = sum(came < said.p10 for said, came in pairs)
    above = sum(came > said.p90 for said, came in pairs)
    return MeasureCalibration(
        inside=(len(pairs) - below - above) / len(pairs),
        below=below / len(pairs),
        above=above / len(pairs),
        median_error=median(_error(said, came) for said, came in pairs),
    )


def _error(said: Range, came: float) -> float:
    # Of what came; where nothing came, of what was said.
    whole = came or said.p50
    return abs(said.p50 - came) / whole if whole else 0.0
