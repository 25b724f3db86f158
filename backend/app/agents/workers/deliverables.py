"""The agents that make files: a document, a workbook, a deck. Each version is reviewed and the best
one kept; a file that fails its gate fails its step: nothing is handed over that was not opened
again and checked.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import TypeVar

from app.agents.errors import TaskFailed
from app.agents.plan_check import output_name
from app.agents.ports import Ask, Composer
from app.agents.results import AgentResult, ArtifactRef
from app.agents.review import Made, review_rounds
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.ask import ask_of
from app.agents.workers.rendering import render_deck, render_document, render_workbook
from app.artifacts.report import RenderedFile
from app.artifacts.review_property import with_review
from app.schemas.review import Fault, ReviewReport
from app.schemas.source import Source

BlockT = TypeVar("BlockT")


class DeliverableAgent(ABC):
    """Makes one kind of file, in rounds of making and review."""

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
            render=lambda made: self.render(made, name),
            report=report,
        )
        file = await asyncio.to_thread(reviewed, kept, review, context)
        ref = await store(file, self.sources(kept.result), context)
        return kept.result.model_copy(update={"artifacts": (ref,)})

    @abstractmethod
    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Have the composer make what the file is rendered from."""

    @abstractmethod
    def render(self, made: AgentResult, name: str) -> RenderedFile:
        """Render the file."""

    @abstractmethod
    def sources(self, made: AgentResult) -> tuple[Source, ...]:
        """Return the sources that the file carries."""


class DocsAgent(DeliverableAgent):
    """Writes documents: .docx, .md or .html, by the step's file name."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Write the document."""
        document = await composer.write_document(ask)
        return AgentResult(summary=document.title, document=document)

    def render(self, made: AgentResult, name: str) -> RenderedFile:
        """Render the document."""
        return render_document(present(made.document), name)

    def sources(self, made: AgentResult) -> tuple[Source, ...]:
        """Return the document's sources."""
        return present(made.document).sources


class SheetsAgent(DeliverableAgent):
    """Designs workbooks from the tables of the sources."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Design the workbook."""
        workbook = await composer.design_workbook(ask)
        return AgentResult(summary=workbook.title, workbook=workbook)

    def render(self, made: AgentResult, name: str) -> RenderedFile:
        """Render the workbook."""
        return render_workbook(present(made.workbook), name)

    def sources(self, made: AgentResult) -> tuple[Source, ...]:
        """Return the workbook's sources."""
        return present(made.workbook).sources


class SlidesAgent(DeliverableAgent):
    """Designs decks."""

    async def compose(self, ask: Ask, composer: Composer) -> AgentResult:
        """Design the deck."""
        deck = await composer.design_deck(ask)
        return AgentResult(summary=deck.title, deck=deck)

    def render(self, made: AgentResult, name: str) -> RenderedFile:
        """Render the deck."""
        return render_deck(present(made.deck), name)

    def sources(self, made: AgentResult) -> tuple[Source, ...]:
        """Return the deck's sources."""
        return present(made.deck).sources


def present(made: BlockT | None) -> BlockT:
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


def reviewed(kept: Made, review: ReviewReport, context: AgentContext) -> RenderedFile:
    """Return the file with its review, in its report and in its own properties."""
    file = kept.file
    report = file.report.model_copy(update={"review": review})
    content = with_review(file.content, review, context.language) if report.passed else file.content
    return file.model_copy(update={"report": report, "content": content})


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
