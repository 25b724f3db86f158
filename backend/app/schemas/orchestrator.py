"""What the orchestrator's routes are sent."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from app.schemas.base import Frozen
from app.schemas.money import CapUsd
from app.schemas.plan import ExecutionPlan
from app.schemas.priority import TaskPriority
from app.schemas.task import TaskDeadline, TaskOrder

# More than any task may have; the exact bound is a setting, and the service checks it.
MAX_FILE_IDS = 1000
EXAMPLE_ID = "3f0e1c5a-9d8e-4c55-8f38-0f6b5e8f2a11"


def canonical_id(value: str) -> str:
    """Return an identifier in its canonical form.

    Raises:
        ValueError: It is no identifier.
    """
    try:
        return str(UUID(value))
    except ValueError:
        message = "is not an id; ids look like " + EXAMPLE_ID
        raise ValueError(message) from None


def _check_plan(plan: ExecutionPlan) -> None:
    for file_id in plan.file_ids:
        if canonical_id(file_id) != file_id:
            message = "plan.file_ids must be written in lower case, as they were given out"
            raise ValueError(message)
    if len(set(plan.file_ids)) < len(plan.file_ids):
        # Not dropped in silence: the plan's hash is over them.
        message = "plan.file_ids must name each file once"
        raise ValueError(message)


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


AnyId = Annotated[str, AfterValidator(canonical_id)]
FileIds = Annotated[tuple[AnyId, ...], AfterValidator(_each_once), Field(max_length=MAX_FILE_IDS)]


class ComplexTaskRequest(TaskOrder):
    """A goal, the files to work from, and the limits. The cap is in dollars."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "goal": "Brief the board on Q3 sales: a two-page report and five slides.",
                    "file_ids": [EXAMPLE_ID],
                    "language": "en",
                    "cap_usd": 0.5,
                }
            ]
        }
    )

    file_ids: FileIds = ()


class RunTaskRequest(ComplexTaskRequest):
    """An order that is run at once, or first waits for an approval of its plan.

    With `require_approval` the task stays `planned` until its plan is approved, unless its
    expected cost (90th percentile) is below your `auto_approve_below_usd`.
    """

    require_approval: bool = False


class ExecutePlanRequest(Frozen):
    """Either `task_id` and `content_hash`, to approve a planned task, or a `plan` to run as it is.

    A plan sent back unchanged keeps its `content_hash`; an edited one must leave it empty.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"task_id": EXAMPLE_ID, "content_hash": "9f86d081…"}]}
    )

    task_id: AnyId | None = None
    content_hash: str | None = Field(default=None, max_length=64)
    plan: ExecutionPlan | None = None
    cap_usd: CapUsd | None = None
    deadline_s: TaskDeadline | None = None
    priority: TaskPriority | None = None

    @model_validator(mode="after")
    def _require_one_way(self) -> Self:
        approves = self.task_id is not None and self.content_hash is not None
        more = (self.cap_usd, self.deadline_s, self.priority)
        has_more = any(given is not None for given in more)
        is_approval = approves and self.plan is None and not has_more
        is_new = self.plan is not None and self.task_id is None and self.content_hash is None
        if not (is_approval or is_new):
            message = (
                "send either task_id with content_hash (to approve a planned task) or plan with "
                "an optional cap_usd, deadline_s and priority (to run exactly that plan)"
            )
            raise ValueError(message)
        if self.plan is not None:
            _check_plan(self.plan)
        return self


class ResumeRequest(Frozen):
    """New caps in dollars for a task that is run again; without them the old ones hold.

    `deadline_s` gives it so many seconds from now; without it the old deadline holds.

    `step_caps_usd` gives steps, by key, other caps than the plan did.
    """

    cap_usd: CapUsd | None = None
    deadline_s: TaskDeadline | None = None
    step_caps_usd: dict[str, CapUsd] = Field(default_factory=dict, max_length=300)
