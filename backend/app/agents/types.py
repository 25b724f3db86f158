"""What a step of work is, what it is given and what it gives back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.agents.ports import ArtifactStore, Composer
from app.agents.results import AgentResult
from app.schemas.base import Frozen
from app.schemas.plan import PlanStep
from app.schemas.source import Language
from app.sources.library import SourceLibrary


class StepStatus(StrEnum):
    """The life of a step; `transitions` says which may follow which.

    A step that needs one that did not succeed ends without a start: blocked when the plan requires
    it, skipped when it was optional. A step that a new plan goes without ends as replaced.
    """

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class AgentTask(Frozen):
    """One step in execution."""

    key: str
    step: PlanStep
    status: StepStatus = StepStatus.WAITING
    attempt: int = 0
    result: AgentResult | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentContext:
    """All that an agent may touch. `results` holds the results of the steps this one depends on,
    by step key; `report` tells the user what is being done now (one short sentence).
    """

    task_id: str
    goal: str
    language: Language
    today: date
    composer: Composer
    sources: SourceLibrary
    artifacts: ArtifactStore
    results: Mapping[str, AgentResult]
    missing: Mapping[str, str]
    report: Callable[[str], Awaitable[None]]
