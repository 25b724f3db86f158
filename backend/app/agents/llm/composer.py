"""The composer that thinks with a model: every operation of `Composer`, over one client."""

from collections.abc import Mapping

from app.agents.llm.client import ModelClient
from app.agents.llm.deck import design_deck
from app.agents.llm.decompose import decompose
from app.agents.llm.document import write_document
from app.agents.llm.replan import replan
from app.agents.llm.research import research
from app.agents.llm.review import review
from app.agents.llm.synthesise import synthesise
from app.agents.llm.workbook import design_workbook
from app.agents.ports import Ask, Goal, PlanDraft, Standing
from app.agents.results import AgentResult, Findings, Synthesis
from app.artifacts.blocks import Deck, Document, Workbook
from app.schemas.review import Fault


class LangChainComposer:
    """A `Composer` over a model. Made per step, since its client writes to that step's ledger."""

    def __init__(self, client: ModelClient) -> None:
        self._client = client

    @property
    def model(self) -> str:
        """The model as "provider:name"."""
        return str(self._client.spec)

    async def decompose(self, goal: Goal) -> PlanDraft:
        """Propose the steps that reach the goal; raise `GoalUnclear` when it asks for nothing."""
        return await decompose(self._client, goal)

    async def replan(self, goal: Goal, standing: Standing) -> PlanDraft:
        """Propose the steps that a begun task still needs, around what failed."""
        return await replan(self._client, goal, standing)

    async def research(self, ask: Ask) -> Findings:
        """Find what the sources say, each claim with a quote that stands in them."""
        return await research(self._client, ask)

    async def write_document(self, ask: Ask) -> Document:
        """Write a document from the facts and tables."""
        return await write_document(self._client, ask)

    async def design_workbook(self, ask: Ask) -> Workbook:
        """Design a workbook from the tables of the sources."""
        return await design_workbook(self._client, ask)

    async def design_deck(self, ask: Ask) -> Deck:
        """Design a deck from the facts and tables."""
        return await design_deck(self._client, ask)

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        """Judge a deliverable beyond what the rules found."""
        return await review(self._client, ask, made, found)

    async def synthesise(self, ask: Ask, missing: Mapping[str, str]) -> Synthesis:
        """Say what was made and found, and what is missing."""
        return await synthesise(self._client, ask, missing)
