"""Planning a begun task anew: what is asked, and what comes of it."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.schemas.base import Frozen
from app.schemas.money import CapUsd
from app.schemas.plan_edit import PlanRead
from app.schemas.task import TaskDeadline


class ReplanRequest(Frozen):
    """What shall be different; without anything, the plan goes around what failed.

    With `require_approval` the new plan waits for approval in any case.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"goal": "Only the report, and for the board."}]}
    )

    goal: Annotated[str, Field(max_length=100_000)] | None = None
    cap_usd: CapUsd | None = None
    deadline_s: TaskDeadline | None = None
    require_approval: bool = False


class PlanDifference(Frozen):
    """What a new plan does to the steps of a task, by key.

    `kept` are finished and stay; `again` are run (again) as they were or with other inputs;
    `added` are new; `replaced` are gone from the plan.
    """

    kept: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


class ReplanRead(Frozen):
    """A new plan of a begun task, in dollars.

    `expected_usd` is what is spent plus what the rest may cost (90th percentile); above
    `approved_usd` the plan waits for approval. `replans_left`: how often it can be planned anew.
    """

    plan: PlanRead
    difference: PlanDifference
    spent_usd: float
    expected_usd: float
    approved_usd: float
    needs_approval: bool
    replans_left: int
