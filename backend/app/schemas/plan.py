"""The plan a user sees, approves and gets executed, and its price."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.policy import Policy
from app.schemas.base import Frozen
from app.schemas.money import UsdPerMtok
from app.schemas.source import Language

MAX_PLAN_STEPS = 300
MAX_STEP_USD = 100_000
MAX_STEP_S = 604_800
MAX_FALLBACKS = 2


def without_minus_zero(value: float) -> float:
    """Return the number with -0.0 as 0.0: the database stores no sign of zero, hashes see it."""
    return value + 0.0


StepUsd = Annotated[
    float, Field(ge=0, le=MAX_STEP_USD, allow_inf_nan=False), AfterValidator(without_minus_zero)
]
ModelName = Annotated[str, Field(min_length=1, max_length=200)]
StepSeconds = Annotated[float, Field(gt=0, le=MAX_STEP_S, allow_inf_nan=False)]


class AgentName(StrEnum):
    """The agents that a step can name."""

    RESEARCH = "research"
    DOCS = "docs"
    SHEETS = "sheets"
    SLIDES = "slides"
    REVIEW = "review"


class Complexity(StrEnum):
    """How hard a step is; scales its estimate by 0.7, 1.0 or 1.5."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class TaskType(StrEnum):
    """What a task is for; `complex` mixes kinds of deliverable."""

    RESEARCH = "research"
    DOCS = "docs"
    SHEETS = "sheets"
    SLIDES = "slides"
    COMPLEX = "complex"


class Range(Frozen):
    """A forecast: the median, and the values not passed one and nine times in ten.

    Between `p10` and `p90` lie eight runs of ten. In a quote made before there was a `p10` it is 0.
    """

    p10: float = Field(default=0, ge=0)
    p50: float = Field(ge=0)
    p90: float = Field(ge=0)


class BasisKind(StrEnum):
    """Where a forecast comes from; `mixed`: some steps of a plan from runs, some from priors."""

    ACTUALS = "actuals"
    MIXED = "mixed"
    PRIORS = "priors"


class Basis(Frozen):
    """Where a forecast comes from, and how many like steps were run before.

    Of a plan: how many runs the least known of its learned steps has.
    """

    kind: BasisKind = BasisKind.PRIORS
    runs: int = Field(default=0, ge=0)


class Quote(Frozen):
    """What a step or a plan is expected to take. Plan time is the critical path, not the sum."""

    time_s: Range
    cost_usd: Range
    tokens: Range
    basis: Basis = Basis()


class QuotedPrice(Frozen):
    """The price that a quote was made with, in dollars per million tokens, and who says so.

    `effective_on` is the first day of the price, where the list gives one.
    """

    input_usd_per_mtok: UsdPerMtok
    output_usd_per_mtok: UsdPerMtok
    effective_on: date | None = None
    source: str


class PlanStep(Frozen):
    """One step of a plan: which agent does what, after which other steps.

    `depends_on` names steps whose results this one needs; `after` names steps it waits for but can
    do without (the review). A required step that fails makes the task partial. `model` is the
    step's own model, where it is not the plan's. `cap_usd` (dollars) and `deadline_s` (seconds) are
    the most that it may cost and that one try of it may take: they bound the quote and the run.
    Where a policy chose `model`, `model_reason` says why, and `fallbacks` are the models that the
    step goes on with, in this order, when the one before is out.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    agent: AgentName
    title: str = Field(min_length=1, max_length=200)
    instructions: str = Field(default="", max_length=4000)
    depends_on: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    complexity: Complexity = Complexity.MEDIUM
    required: bool = True
    file_name: str | None = None
    slide_count: int | None = Field(default=None, ge=2, le=40)
    model: str | None = Field(default=None, min_length=1, max_length=200)
    fallbacks: tuple[ModelName, ...] = Field(default=(), max_length=MAX_FALLBACKS)
    model_reason: str | None = Field(default=None, max_length=300)
    cap_usd: StepUsd | None = None
    deadline_s: StepSeconds | None = None
    estimate: Quote | None = None


class ExecutionPlan(Frozen):
    """A plan: an immutable DAG of steps with its quote. `content_hash` names exactly this plan.

    `source_characters` is the length of the text that it works from: what it takes grows with it.
    `price` is None for the built-in composer. Both, like the quote, are outside the hash.
    `finished` names the steps of a new plan for a begun task that are done already: they are kept
    with their results, not run again, and not in the quote. `policy` is what chose the models of
    the steps, where one did.
    """

    goal: str
    title: str
    language: Language
    task_type: TaskType
    model: str
    policy: Policy | None = None
    file_ids: tuple[str, ...] = ()
    steps: tuple[PlanStep, ...] = Field(min_length=1, max_length=MAX_PLAN_STEPS)
    notices: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    quote: Quote
    price: QuotedPrice | None = None
    source_characters: int | None = Field(default=None, ge=0)
    content_hash: str = ""

    def step(self, key: str) -> PlanStep:
        """Return the step of this key; KeyError when the plan has none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)
