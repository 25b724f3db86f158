"""How often what was forecast came true."""

from pydantic import Field

from app.schemas.base import Frozen
from app.schemas.plan import AgentName, BasisKind


class MeasureCalibration(Frozen):
    """How the forecasts of one measure held. All are shares of the runs, from 0 to 1.

    `inside` lay between the 10th and the 90th percentile: eight of ten when forecasts are right.
    `median_error`: half of the medians were further off than this share of what came.
    """

    inside: float = Field(ge=0, le=1)
    below: float = Field(ge=0, le=1)
    above: float = Field(ge=0, le=1)
    median_error: float = Field(ge=0)


class CalibrationRow(Frozen):
    """The forecasts of one agent with one model; `agent` is None for whole plans.

    A measure is None where nothing was forecast and nothing came: the built-in composer's cost.
    """

    agent: AgentName | None
    model: str
    basis: BasisKind
    runs: int = Field(ge=1)
    time_s: MeasureCalibration | None
    cost_usd: MeasureCalibration | None
    tokens: MeasureCalibration | None


class CalibrationRead(Frozen):
    """How often actuals fell inside the forecasts, in the user's latest ended tasks."""

    expected_inside: float = 0.8
    rows: tuple[CalibrationRow, ...]
