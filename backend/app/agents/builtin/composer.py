"""The composer that uses no model: extractive, deterministic, offline, free."""

import asyncio
from collections.abc import Mapping

from app.agents.builtin.counts import page_count
from app.agents.builtin.deck_design import DeckDesigner
from app.agents.builtin.document_writing import DocumentWriter, length_of
from app.agents.builtin.findings_workbook import findings_workbook
from app.agents.builtin.material import Material
from app.agents.builtin.planning import draft_plan
from app.agents.builtin.prototypes import likeness
from app.agents.builtin.readable_sources import readable_sources
from app.agents.builtin.request import Request, understand
from app.agents.builtin.rerouting import rerouted
from app.agents.builtin.research import Researcher, Scope, named_files, scope_of
from app.agents.builtin.revision import revised_deck, revised_document
from app.agents.builtin.synthesis import synthesise_task
from app.agents.builtin.table_choice import rank_tables, text_tables
from app.agents.builtin.titles import subject_title
from app.agents.builtin.vocabulary import Deliverable
from app.agents.builtin.workbook_design import WorkbookDesigner
from app.agents.errors import NothingToWorkFrom
from app.agents.ports import Ask, Goal, PlanDraft, Standing
from app.agents.replan import reused
from app.agents.results import AgentResult, Findings, Synthesis
from app.artifacts.blocks import Deck, Document, Workbook
from app.schemas.review import Fault
from app.schemas.source import Passage
from app.sources import Embedder, SourceLibrary

_DEFAULT_SLIDES = 6
_HITS = 40
_NOTHING = {
    "en": "The files hold neither tables nor statements for this; add files with facts or figures.",
    "ko": "이 작업에 쓸 표나 서술이 파일에 없습니다. 사실이나 수치가 담긴 파일을 올려 주세요.",
}


class BuiltinComposer:
    """Composes from the sources alone. Without an embedder it goes by words."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder

    @property
    def model(self) -> str:
        """The name under which it is shown and priced."""
        return "builtin"

    async def decompose(self, goal: Goal) -> PlanDraft:
        """Propose the steps of a goal.

        Raises:
            GoalUnclear: It asks for nothing that Madang makes.
            NothingToWorkFrom: There is nothing to read.
        """
        request = understand(goal.text, goal.language)
        library = readable_sources(goal.text, goal.sources)
        scores = {} if request.wanted else await self._likeness(request)
        return await asyncio.to_thread(draft_plan, request, library, scores)

    async def replan(self, goal: Goal, standing: Standing) -> PlanDraft:
        """Propose the rest of a begun task: around what failed, or for a goal that has changed.

        Raises:
            GoalUnclear, NothingToWorkFrom: The new goal cannot be planned.
        """
        if not standing.has_new_goal:
            return rerouted(standing)
        draft = await self.decompose(goal)
        return draft.model_copy(update={"steps": reused(draft.steps, standing)})

    async def research(self, ask: Ask) -> Findings:
        """Choose statements and compute figures for one research step."""
        library = named_files(ask.step, readable_sources(ask.goal, ask.sources))
        return await self._research(ask, library, scope_of(ask.step))

    async def write_document(self, ask: Ask) -> Document:
        """Write a document from the findings and tables, or put a reviewed one right."""
        if ask.revision is not None and ask.revision.previous.document is not None:
            return revised_document(ask.revision.previous.document, ask.revision)
        request, material = await self._material(ask)
        if not material.facts and not material.insights:
            raise NothingToWorkFrom(_NOTHING[ask.language])
        title = subject_title(request, material.library)
        length = length_of(request, page_count(ask.step.instructions) or request.pages)
        writer = DocumentWriter(title, request, material, ask.today, length)
        return await asyncio.to_thread(writer.write)

    async def design_workbook(self, ask: Ask) -> Workbook:
        """Design a workbook from the tables; from the findings where there are no tables.

        A reviewed one comes back as it is: its values are the files' own.
        """
        if ask.revision is not None and ask.revision.previous.workbook is not None:
            return ask.revision.previous.workbook
        request = self._request(ask)
        library = readable_sources(ask.goal, ask.sources)
        title = subject_title(request, library)
        reports = await asyncio.to_thread(rank_tables, library, request, self._embedder)
        if reports:
            designer = WorkbookDesigner(title, ask.language, ask.today, library)
            plain = text_tables(library)
            return await asyncio.to_thread(designer.design, reports, plain)
        parts = await self._findings(ask, library)
        findings = [finding for part in parts for finding in part.findings]
        if not findings:
            raise NothingToWorkFrom(_NOTHING[ask.language])
        sources = {source.id: source for part in parts for source in part.sources}
        return findings_workbook(title, ask.language, ask.today, findings, list(sources.values()))

    async def design_deck(self, ask: Ask) -> Deck:
        """Design a deck of `step.slide_count` slides, six when the step does not say; or put a
        reviewed one right.
        """
        if ask.revision is not None and ask.revision.previous.deck is not None:
            return revised_deck(ask.revision.previous.deck, ask.revision)
        request, material = await self._material(ask)
        if not material.facts and not material.insights:
            raise NothingToWorkFrom(_NOTHING[ask.language])
        title = subject_title(request, material.library)
        count = ask.step.slide_count or _DEFAULT_SLIDES
        return await asyncio.to_thread(_design, title, material, ask, count)

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        """Judge nothing beyond the rules: there is no model to judge."""
        del ask, made, found
        return ()

    async def synthesise(self, ask: Ask, missing: Mapping[str, str]) -> Synthesis:
        """Say what was made, the main points, and what is missing."""
        request, material = await self._material(ask)
        wants_deck = Deliverable.DECK in request.wanted
        asked = request.slides.slides if wants_deck and request.slides.asked else None
        return await asyncio.to_thread(synthesise_task, material, ask.results, missing, asked)

    async def _likeness(self, request: Request) -> Mapping[Deliverable, float]:
        return await likeness(request.text, self._embedder)

    def _request(self, ask: Ask) -> Request:
        return understand(ask.goal, ask.language).in_language(ask.language)

    async def _material(self, ask: Ask) -> tuple[Request, Material]:
        request = self._request(ask)
        library = readable_sources(ask.goal, ask.sources)
        reports = await asyncio.to_thread(rank_tables, library, request, self._embedder)
        findings = await self._findings(ask, library)
        return request, Material(findings, reports, library, ask.language)

    async def _findings(self, ask: Ask, library: SourceLibrary) -> tuple[Findings, ...]:
        """Take the findings handed down; research here when no step did."""
        handed_down = tuple(part for part in ask.findings if part.findings)
        return handed_down or (await self._research(ask, library, Scope()),)

    async def _research(self, ask: Ask, library: SourceLibrary, scope: Scope) -> Findings:
        request = self._request(ask)
        hits = await self._hits(request, library)
        around = readable_sources(ask.goal, ask.sources)
        researcher = Researcher(request, library, self._embedder, hits, around)
        return await asyncio.to_thread(researcher.run, scope)

    async def _hits(self, request: Request, library: SourceLibrary) -> list[Passage]:
        queries = [query for query in (request.subject, *request.aspects) if query]
        found = [await library.search(query, _HITS) for query in queries or [request.text]]
        return [scored.passage for hits in found for scored in hits]


def _design(title: str, material: Material, ask: Ask, count: int) -> Deck:
    return DeckDesigner(title, material, ask.today).design(count)
