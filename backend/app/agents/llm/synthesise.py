"""Say what was made and found; what is missing, and why, is written by code."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from app.agents.llm.client import ModelClient, Order
from app.agents.llm.facts import facts_of
from app.agents.llm.fence import system_prompt, user_prompt
from app.agents.llm.grounding import Evidence, number_problems
from app.agents.llm.wire import Answer
from app.agents.ports import Ask
from app.agents.results import Synthesis
from app.artifacts.blocks import Callout, plain_text

MAX_HIGHLIGHTS = 6


class SynthesisAnswer(Answer):
    """The last word of a task."""

    summary: str = Field(min_length=1, max_length=1200)
    highlights: tuple[str, ...] = Field(max_length=MAX_HIGHLIGHTS)


async def synthesise(client: ModelClient, ask: Ask, missing: Mapping[str, str]) -> Synthesis:
    """Ask for summary and highlights, and add what is missing."""
    facts = facts_of(ask)
    made = list(_made(ask))
    evidence = Evidence((*facts.evidence(), *made, ask.goal, ask.today.isoformat()))

    def prompt(share: float) -> str:
        lines = [*made, *(f"Failed step: {name}" for name in missing), *facts.lines(share)]
        order = (("Goal", ask.goal), ("Failed steps", str(len(missing)) if missing else ""))
        return user_prompt(order, "\n".join(lines) or "Nothing was made.")

    def problems(answer: SynthesisAnswer) -> tuple[str, ...]:
        return number_problems((answer.summary, *answer.highlights), evidence)

    answer = await client.ask(
        Order(
            operation="synthesis",
            system=system_prompt("synthesis", ask.language),
            prompt=prompt,
            answer=SynthesisAnswer,
            problems=problems,
        )
    )
    kept = (evidence.keep_supported(text) for text in answer.highlights)
    return Synthesis(
        summary=evidence.keep_supported(answer.summary) or " ".join(made[:3]) or ask.step.title,
        highlights=tuple(text for text in kept if text),
        missing=tuple(f"{name}: {reason}" for name, reason in missing.items()),
    )


def _made(ask: Ask) -> Iterator[str]:
    for result in ask.results.values():
        for artifact in result.artifacts:
            yield f"File made: {artifact.name}"
        if result.document is not None:
            yield f"Document: {result.document.title}"
            blocks = result.document.blocks
            yield from (plain_text(b.runs) for b in blocks[:2] if isinstance(b, Callout))
        if result.workbook is not None:
            sheets = ", ".join(sheet.title for sheet in result.workbook.sheets)
            yield f"Workbook: {result.workbook.title}; sheets {sheets}"
        if result.deck is not None:
            yield f"Deck: {result.deck.title}; {len(result.deck.slides)} slides"
        if result.findings is not None and result.findings.summary:
            yield f"Research: {result.findings.summary}"
