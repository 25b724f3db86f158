"""A composer for tests of the planner: it proposes the steps that the test gives."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.agents.ports import Ask, Goal, PlanDraft, Standing
from app.agents.replan import reused
from app.agents.results import AgentResult, Findings, Synthesis
from app.artifacts.blocks import Deck, Document, Workbook
from app.schemas.plan import PlanStep
from app.schemas.review import Fault
from app.schemas.source import Extract
from app.sources import SourceLibrary

TODAY = date(2026, 11, 24)


class ProposingComposer:
    """Proposes fixed steps; its other operations give the smallest valid answers."""

    model = "builtin"

    def __init__(self, steps: Sequence[PlanStep]) -> None:
        self._steps = tuple(steps)

    async def decompose(self, goal: Goal) -> PlanDraft:
        """Propose the steps."""
        return PlanDraft(title="Proposed", language=goal.language, steps=self._steps)

    async def replan(self, goal: Goal, standing: Standing) -> PlanDraft:
        """Propose the steps; finished ones are taken for done."""
        steps = reused(self._steps, standing)
        return PlanDraft(title="Proposed anew", language=goal.language, steps=steps)

    async def research(self, ask: Ask) -> Findings:
        """Find nothing."""
        return Findings(summary=f"nothing on {ask.step.key}")

    async def write_document(self, ask: Ask) -> Document:
        """Write an empty document."""
        return Document(title=ask.goal, language=ask.language, created_on=ask.today, blocks=())

    async def design_workbook(self, ask: Ask) -> Workbook:
        """Design an empty workbook."""
        return Workbook(title=ask.goal, language=ask.language, created_on=ask.today, sheets=())

    async def design_deck(self, ask: Ask) -> Deck:
        """Design an empty deck."""
        return Deck(title=ask.goal, language=ask.language, created_on=ask.today, slides=())

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        """Find nothing."""
        return ()

    async def synthesise(self, ask: Ask, missing: Mapping[str, str]) -> Synthesis:
        """Sum up."""
        return Synthesis(summary="all in all", missing=tuple(missing.values()))


def make_goal(text: str = "Write a brief on batteries", *extracts: Extract) -> Goal:
    """Return a goal over these extracts."""
    return Goal(text=text, language="en", today=TODAY, sources=SourceLibrary(extracts))
