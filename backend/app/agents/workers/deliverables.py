"""The agents that make files: a document, a workbook, a deck. Each version is reviewed and the best
one kept; a file that fails its gate fails its step: nothing is handed over that was not opened
again and checked.
"""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from app.agents.errors import TaskFailed
from app.agents.plan_check import output_name
from app.agents.ports import Ask, Composer, Renderer
from app.agents.results import AgentResult, ArtifactRef
from app.agents.review import Made, review_rounds
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.ask import ask_of
from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.report import RenderedFile
from app.schemas.review import Fault, ReviewReport
from app.schemas.source import Source

BlocksT = TypeVar("BlocksT", Document, Workbook, Deck)


class DeliverableAgent(ABC, Generic[BlocksT]):
    """Makes one kind of file, in rounds of making and review."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Make, render, check, review and store the file.

        Raises:
            TaskFailed: Not even the best version passes its checks.
        """
        name = output_name(task.step)

        async def make(ask: Ask) -> AgentResult:
            made = await self.compose(ask, context.composer)
            await context.report(writing(name, context))
            return made

        async def report(faults: tuple[Fault, ...]) -> None:
            await context.report(sending_back(name, len(faults), context))

        kept, review = await review_rounds(
            ask_of(task, context),
            context.composer,
            make=make,
            render=lambda result: self._renderer.render(self.made(result), name),
            report=report,
        )
        file = await self._reviewed(kept, review, context)
        ref = await store(file, self.made(kept.result).sources, context)
        return kept.result.model_copy(update={"artifacts": (ref,)})

    @abstractmethod
    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Have the composer make what the file is rendered from."""

    @abstractmethod
    def made(self, result: AgentResult) -> BlocksT:
        """Return what the file is rendered from."""

    async def _reviewed(
        self, kept: Made, review: ReviewReport, context: AgentContext
    ) -> RenderedFile:
        report = kept.file.report.model_copy(update={"review": review})
        content = kept.file.content
        if report.passed:
            content = await self._renderer.with_review(content, review, context.language)
        return kept.file.model_copy(update={"report": report, "content": content})


class DocsAgent(DeliverableAgent[Document]):
    """Writes documents: .docx, .md or .html, by the step's file name."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Write the document."""
        document = await composer.write_document(ask)
        return AgentResult(summary=document.title, document=document)

    def made(self, result: AgentResult) -> Document:
        """Return the document."""
        return present(result.document)


class SheetsAgent(DeliverableAgent[Workbook]):
    """Designs workbooks from the tables of the sources."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Design the workbook."""
        workbook = await composer.design_workbook(ask)
        return AgentResult(summary=workbook.title, workbook=workbook)

    def made(self, result: AgentResult) -> Workbook:
        """Return the workbook."""
        return present(result.workbook)


class SlidesAgent(DeliverableAgent[Deck]):
    """Designs decks."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Design the deck."""
        deck = await composer.design_deck(ask)
        return AgentResult(summary=deck.title, deck=deck)

    def made(self, result: AgentResult) -> Deck:
        """Return the deck."""
        return present(result.deck)


def present(made: BlocksT | None) -> BlocksT:
    """Return what a composer made; a defect of ours when it is not there."""
    if made is None:
        message = "a deliverable is missing from its own result"
        raise ValueError(message)
    return made


def writing(name: str, context: AgentContext) -> str:
    """Return the progress line for writing a file."""
    return f"{name} 작성 중" if context.language == "ko" else f"Writing {name}"


def sending_back(name: str, faults: int, context: AgentContext) -> str:
    """Return the progress line for a file that its review sends back."""
    if context.language == "ko":
        return f"{name}: 검토에서 {faults}건을 지적해 고치는 중"
    return f"Putting {faults} fault{'' if faults == 1 else 's'} of {name} right"


async def store(
    rendered: RenderedFile, sources: tuple[Source, ...], context: AgentContext
) -> ArtifactRef:
    """Store a file that passed its gate.

    Raises:
        TaskFailed: It did not pass; the message names each failed check.
    """
    failures = rendered.report.failures
    if failures:
        said = "; ".join(f"{check.name}: {check.detail}" for check in failures[:5])
        raise TaskFailed(f"{rendered.name} did not pass its checks: {said}.")
    return await context.artifacts.save(rendered, sources)
