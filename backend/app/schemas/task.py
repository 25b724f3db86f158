"""Tasks as users order and see them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, Strict, model_validator

from app.core.policy import Policy
from app.schemas.base import Frozen
from app.schemas.constraints import Constraints
from app.schemas.money import CapUsd
from app.schemas.plan import ExecutionPlan, StepSeconds
from app.schemas.priority import TaskPriority
from app.schemas.review import ReviewReport
from app.schemas.source import Language

TaskDeadline = Annotated[
    StepSeconds,
    Strict(),
    Field(description="Seconds from the start of the task after which it is stopped."),
]


class TaskOrder(Frozen):
    """What a user asks for. Without `model`, `policy` or `cap_usd` the settings' defaults hold.

    `policy` lets each step's model be chosen from the installation's candidates; `model` names one
    for all of them.

    `constraints` says all limits; `cap_usd` and the `max_` fields are the common ones, written
    short. Where a limit is given twice, the lower one holds. `priority` ranks the task among its
    user's own; between users the one who runs least goes first, whatever their priorities.
    At `deadline_s` the task is stopped with what is done.
    """

    goal: str
    file_ids: tuple[str, ...] = ()
    language: Language | None = None
    model: str | None = Field(default=None, max_length=200)
    policy: Policy | None = None
    cap_usd: CapUsd | None = None
    max_time_s: Annotated[float, Strict(), Field(gt=0)] | None = None
    max_tokens: Annotated[int, Strict(), Field(ge=0)] | None = None
    max_steps: Annotated[int, Strict(), Field(ge=1)] | None = None
    deadline_s: TaskDeadline | None = None
    constraints: Constraints | None = None
    priority: TaskPriority = TaskPriority.NORMAL

    @model_validator(mode="after")
    def _names_one_way(self) -> Self:
        if self.model is not None and self.policy is not None:
            message = "name a model or a policy, not both"
            raise ValueError(message)
        return self


class StepRead(Frozen):
    """One step as it stands.

    `model` is what the plan gives it, None for the plan's own; `answered_by` are the models that
    its calls were answered by so far, which differ from it after a fallback.
    """

    key: str
    agent: str
    title: str
    status: str
    depends_on: tuple[str, ...]
    after: tuple[str, ...]
    attempt: int
    model: str | None = None
    answered_by: tuple[str, ...] = ()
    summary: str | None = None
    error: dict[str, Any] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


class CheckRead(Frozen):
    """One check of a file's gate."""

    name: str
    passed: bool
    detail: str = ""


class ArtifactRead(Frozen):
    """A finished file. `source_count` says how many sources it carries.

    `review` tells of each version that was made, its score and faults, and which one was kept;
    files made before there were reviews have none.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    step_key: str
    checks: tuple[CheckRead, ...]
    source_count: int
    review: ReviewReport | None = None
    created_at: datetime


class ProgressRead(Frozen):
    """How far a task is; `remaining_s` is the critical path of what is left, at the median.

    `census` counts the steps by status.
    """

    done_steps: int
    total_steps: int
    census: dict[str, int] = Field(default_factory=dict)
    fraction: float
    remaining_s: float


class TaskSummary(Frozen):
    """A task in a list."""

    id: str
    title: str
    goal: str
    task_type: str
    language: str
    model: str
    status: str
    priority: TaskPriority
    cap_usd: float
    spent_usd: float
    created_at: datetime
    finished_at: datetime | None = None


class TaskRead(TaskSummary):
    """A task whole: plan, steps, money, files, and the last word.

    `reserved_usd` is held for calls in flight; `uncertain_usd` is the part of `spent_usd` that was
    counted at its worst because a call's outcome is unknown. `content_hash` names the plan.
    `inconsistencies` names the figures that differ between the files. The deadline is `deadline_s`
    seconds from a start, at `deadline_at` once it runs; `replans` counts the plans made anew.
    """

    reserved_usd: float
    uncertain_usd: float
    tokens: int
    file_ids: tuple[str, ...]
    content_hash: str | None = None
    plan: ExecutionPlan | None = None
    progress: ProgressRead | None = None
    steps: tuple[StepRead, ...] = ()
    artifacts: tuple[ArtifactRead, ...] = ()
    summary: str | None = None
    highlights: tuple[str, ...] = ()
    inconsistencies: tuple[str, ...] = ()
    missing: dict[str, str] = Field(default_factory=dict)
    deadline_s: float | None = None
    deadline_at: datetime | None = None
    replans: int = 0
    error: dict[str, Any] | None = None
    started_at: datetime | None = None
