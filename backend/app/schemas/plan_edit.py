"""Edits of a plan, and plans as users see their revisions.

The fields of a step are loose here on purpose: what is wrong with one is said by its step's key
and its name, not by a place in a list.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, Strict, model_validator

from app.core.policy import Policy
from app.schemas.base import Frozen, non_empty
from app.schemas.money import CapUsd
from app.schemas.plan import MAX_PLAN_STEPS, ExecutionPlan, Quote

MAX_EDITS = 100
MAX_KEY = 200
MAX_TEXT = 10_000

StepKey = Annotated[str, Field(max_length=MAX_KEY, description="The step's key.")]
Keys = Annotated[tuple[StepKey, ...], Field(max_length=MAX_PLAN_STEPS)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Position = Annotated[int, Field(ge=1, le=MAX_PLAN_STEPS, description="Place in the plan, from 1.")]
ContentHash = Annotated[
    str, Field(max_length=64, description="Names the plan that was shown, exactly.")
]


class StepFields(Frozen):
    """What can be said of a step. What is left out stays as it is; null clears it."""

    agent: Text | None = None
    title: Text | None = None
    instructions: Text | None = None
    depends_on: Keys | None = None
    after: Keys | None = None
    complexity: Text | None = None
    required: bool | None = None
    file_name: Text | None = None
    slide_count: Annotated[int, Strict()] | None = None
    model: Text | None = None
    cap_usd: Annotated[float, Strict()] | None = None
    deadline_s: Annotated[float, Strict()] | None = None


class NewStep(StepFields):
    """A step to add; it needs a key of its own, an agent and a title."""

    key: StepKey


class AddStep(Frozen):
    """Add a step: at a position, or before the review. Reviews wait for it from then on."""

    op: Literal["add"]
    step: NewStep
    position: Position | None = None


class RemoveStep(Frozen):
    """Remove a step that no other one needs."""

    op: Literal["remove"]
    key: StepKey


class MoveStep(Frozen):
    """Move a step to another position; of steps that are ready at once, the earlier goes first."""

    op: Literal["move"]
    key: StepKey
    position: Position


class ChangeStep(StepFields):
    """Change fields of a step. With another agent, its file takes that agent's kind."""

    op: Literal["change"]
    key: StepKey


PlanEdit = Annotated[
    AddStep | RemoveStep | MoveStep | ChangeStep, Field(discriminator="op", description="One edit.")
]


class PlanEdits(Frozen):
    """Edits of the plan that `content_hash` names, done together or not at all.

    With `policy` the models of its steps are then chosen anew, but for those that a user named.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "content_hash": "9f86d081…",
                    "edits": [
                        {"op": "change", "key": "docs", "title": "Two pages for the board"},
                        {"op": "remove", "key": "slides"},
                    ],
                }
            ]
        }
    )

    content_hash: ContentHash
    edits: Annotated[
        tuple[PlanEdit, ...], Field(max_length=MAX_EDITS), AfterValidator(non_empty)
    ] = ()
    policy: Policy | None = None
    cap_usd: CapUsd | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.edits and self.policy is None:
            message = "name at least one edit, or a policy"
            raise ValueError(message)
        return self


class PlanRequote(Frozen):
    """A new quote at today's prices for the plan that `content_hash` names."""

    content_hash: ContentHash
    cap_usd: CapUsd | None = None


class PlanDecision(Frozen):
    """Which plan is decided on."""

    content_hash: ContentHash


class PlanStatus(StrEnum):
    """The life of a revision."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class DecisionKind(StrEnum):
    """How a revision came to be decided: by its user, by the order itself, by the user's limit for
    automatic approval, or because a new plan stays within what was approved before.
    """

    USER = "user"
    ORDER = "order"
    AUTO = "auto"
    REPLAN = "replan"


class PlanSummary(Frozen):
    """A revision of a task's plan in a list. `decided_by` is the user's id."""

    id: str
    task_id: str
    revision: int
    status: PlanStatus
    content_hash: str
    step_count: int
    quote: Quote
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    decision: DecisionKind | None = None


class PlanRead(PlanSummary):
    """A revision whole. `task_status` and `cap_usd` are the task's, as they are now."""

    task_status: str
    cap_usd: float
    plan: ExecutionPlan
