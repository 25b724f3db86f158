"""The ports through which agents reach the world; the engine and the composers implement them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.agents.results import AgentResult, ArtifactRef, Findings, Synthesis
from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.report import RenderedFile
from app.schemas.base import Frozen
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep
from app.schemas.review import Fault, ReviewReport
from app.schemas.source import Language, Source
from app.sources.library import SourceLibrary


class ArtifactStore(Protocol):
    """Where a step puts the files it made."""

    async def save(self, file: RenderedFile, sources: tuple[Source, ...]) -> ArtifactRef:
        """Store the file under its hash; raise `Unavailable` when it cannot be written."""
        ...


class Renderer(Protocol):
    """What makes files: office libraries may not run in several threads of this process."""

    async def render(self, made: Document | Workbook | Deck, name: str) -> RenderedFile:
        """Render a file under its name and check it; raise `Unavailable` when that broke off."""
        ...

    async def with_review(self, content: bytes, review: ReviewReport, language: Language) -> bytes:
        """Return a file with its review in its properties; raises as `render` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the user asked for, and with which files.

    `language` is that of the goal; unless it `is_language_fixed`, the goal itself may ask for
    another ("in Korean").
    """

    text: str
    language: Language
    today: date
    sources: SourceLibrary
    is_language_fixed: bool = False

    @property
    def source_characters(self) -> int:
        """How much text the sources hold."""
        return sum(len(passage.text) for passage in self.sources.passages)


class PlanDraft(Frozen):
    """A composer's proposal of steps, before estimates; `notices` say what was assumed."""

    title: str
    language: Language
    steps: tuple[PlanStep, ...]
    notices: tuple[str, ...] = ()


class StepReport(Frozen):
    """How a step of a begun task stands: a summary of its result, or why there is none.

    `may_work_again` is False when the same try would fail the same way.
    """

    step: PlanStep
    is_done: bool = False
    is_failed: bool = False
    may_work_again: bool = True
    summary: str = ""
    reason: str = ""


class Standing(Frozen):
    """A begun task as its new plan finds it.

    `taken_keys` are the keys of all steps that it ever had: no new step may use one.
    """

    plan: ExecutionPlan
    reports: tuple[StepReport, ...]
    taken_keys: frozenset[str]
    has_new_goal: bool = False

    @property
    def finished(self) -> tuple[PlanStep, ...]:
        """The steps whose results are kept; a review sums up anew, so it is none of them."""
        return tuple(
            report.step
            for report in self.reports
            if report.is_done and report.step.agent is not AgentName.REVIEW
        )

    @property
    def unfinished(self) -> tuple[StepReport, ...]:
        """What is left of the old plan, without reviews."""
        return tuple(
            report
            for report in self.reports
            if not report.is_done and report.step.agent is not AgentName.REVIEW
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A deliverable that a review sent back: what was made, and its faults."""

    previous: AgentResult
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One order to a composer: the goal, the step, the sources and what came before.

    `results` holds the results of the steps this one depends on, by step key. With a `revision`
    the order is to put its faults right; a composer that cannot gives the same again.
    """

    goal: str
    language: Language
    today: date
    step: PlanStep
    sources: SourceLibrary
    results: Mapping[str, AgentResult]
    revision: Revision | None = None

    @property
    def findings(self) -> tuple[Findings, ...]:
        """Research handed down by earlier steps."""
        return tuple(r.findings for r in self.results.values() if r.findings is not None)

    @property
    def workbooks(self) -> tuple[Workbook, ...]:
        """Workbooks handed down by earlier steps."""
        return tuple(r.workbook for r in self.results.values() if r.workbook is not None)


class Composer(Protocol):
    """The mind behind the agents: `LangChainComposer` with a model, `BuiltinComposer` without."""

    @property
    def model(self) -> str:
        """The model's name as shown and priced: "builtin" or "provider:name"."""
        ...

    async def decompose(self, goal: Goal) -> PlanDraft:
        """Propose the steps that reach the goal; raise `GoalUnclear` when it asks for nothing."""
        ...

    async def replan(self, goal: Goal, standing: Standing) -> PlanDraft:
        """Propose the steps that are still to be run; they may need finished ones by key."""
        ...

    async def research(self, ask: Ask) -> Findings:
        """Choose and summarise what the sources say about the goal, with citations."""
        ...

    async def write_document(self, ask: Ask) -> Document:
        """Outline and write a document from the findings and workbooks handed down."""
        ...

    async def design_workbook(self, ask: Ask) -> Workbook:
        """Design a workbook from the tables of the sources; never invent a figure."""
        ...

    async def design_deck(self, ask: Ask) -> Deck:
        """Design a deck of `step.slide_count` slides from the findings and workbooks."""
        ...

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        """Judge a deliverable beyond what the rules `found`; return further faults, if any."""
        ...

    async def synthesise(self, ask: Ask, missing: Mapping[str, str]) -> Synthesis:
        """Say what was made and found; `missing` gives the reason of each step that failed."""
        ...
