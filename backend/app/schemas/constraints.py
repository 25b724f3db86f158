"""What a user allows a plan to take, and where a plan breaks it."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, Strict

from app.schemas.base import Frozen, non_empty
from app.schemas.money import CapUsd
from app.schemas.plan import AgentName, ModelName

MAX_ALLOWED_MODELS = 20
MAX_NEEDED_FILES = 50

FileName = Annotated[str, Field(min_length=1, max_length=200)]


class Constraints(Frozen):
    """Limits on a plan; what is left out has no limit.

    Money, time and tokens bind the plan's 90th percentiles. `needed_files` are names
    ("report.docx") or endings (".pptx") of files that the plan must make. Where several models are
    allowed, a plan that would cost too much may get a cheaper one of them.
    """

    max_cost_usd: CapUsd | None = None
    max_time_s: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None = None
    max_tokens: Annotated[int, Strict(), Field(ge=0)] | None = None
    max_steps: Annotated[int, Strict(), Field(ge=1)] | None = None
    allowed_agents: Annotated[tuple[AgentName, ...], AfterValidator(non_empty)] | None = None
    allowed_models: (
        Annotated[
            tuple[ModelName, ...], Field(max_length=MAX_ALLOWED_MODELS), AfterValidator(non_empty)
        ]
        | None
    ) = None
    needed_files: Annotated[tuple[FileName, ...], Field(max_length=MAX_NEEDED_FILES)] = ()


class ViolationCode(StrEnum):
    """Which kind of limit a plan breaks."""

    COST_OVER_LIMIT = "cost_over_limit"
    TIME_OVER_LIMIT = "time_over_limit"
    TOKENS_OVER_LIMIT = "tokens_over_limit"
    TOO_MANY_STEPS = "too_many_steps"
    AGENT_NOT_ALLOWED = "agent_not_allowed"
    MODEL_NOT_ALLOWED = "model_not_allowed"
    FILE_NOT_PLANNED = "file_not_planned"
    STEP_COST_OVER_CAP = "step_cost_over_cap"
    STEP_TIME_OVER_DEADLINE = "step_time_over_deadline"


class Violation(Frozen):
    """One broken limit: its kind, its field, what was asked, what was found, and a way out.

    `step` is the key of the step that breaks it, where it is one step.
    """

    code: ViolationCode
    limit: str
    asked: float | str
    found: float | str
    message: str
    step: str | None = None

    def as_fact(self) -> dict[str, str | float | None]:
        """Return the violation as an error's facts hold it."""
        return {
            "code": str(self.code),
            "limit": self.limit,
            "asked": self.asked,
            "found": self.found,
            "message": self.message,
            "step": self.step,
        }
