"""The agents that make files: a document, a workbook, a deck. A file that fails its gate fails
its step: nothing is handed over that was not opened again and checked.
"""

import asyncio

from app.agents.errors import TaskFailed
from app.agents.plan_check import output_name
from app.agents.results import AgentResult, ArtifactRef
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.ask import ask_of
from app.agents.workers.rendering import render_deck, render_document, render_workbook
from app.artifacts.report import RenderedFile
from app.schemas.source import Source


class DocsAgent:
    """Writes documents: .docx, .md or .html, by the step's file name."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Write, render, check and store the document."""
        document = await context.composer.write_document(ask_of(task, context))
        name = output_name(task.step)
        await context.report(writing(name, context))
        rendered = await asyncio.to_thread(render_document, document, name)
        ref = await store(rendered, document.sources, context)
        return AgentResult(summary=document.title, document=document, artifacts=(ref,))


class SheetsAgent:
    """Designs workbooks from the tables of the sources."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Design, render, check and store the workbook."""
        workbook = await context.composer.design_workbook(ask_of(task, context))
        name = output_name(task.step)
        await context.report(writing(name, context))
        rendered = await asyncio.to_thread(render_workbook, workbook, name)
        ref = await store(rendered, workbook.sources, context)
        return AgentResult(summary=workbook.title, workbook=workbook, artifacts=(ref,))


class SlidesAgent:
    """Designs decks."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Design, render, check and store the deck."""
        deck = await context.composer.design_deck(ask_of(task, context))
        name = output_name(task.step)
        await context.report(writing(name, context))
        rendered = await asyncio.to_thread(render_deck, deck, name)
        ref = await store(rendered, deck.sources, context)
        return AgentResult(summary=deck.title, deck=deck, artifacts=(ref,))


def writing(name: str, context: AgentContext) -> str:
    """Return the progress line for writing a file."""
    return f"{name} 작성 중" if context.language == "ko" else f"Writing {name}"


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
