"""Judge a deliverable: the model names faults that rules cannot see; code weighs them."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from app.agents.llm.client import ModelClient, Order
from app.agents.llm.fence import system_prompt
from app.agents.llm.material import Material
from app.agents.llm.wire import Answer
from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.agents.review.draft_text import draft_lines
from app.agents.review.wording import judged
from app.schemas.review import Fault, FaultKind

MAX_FAULTS = 6


class FaultAnswer(Answer):
    """One fault."""

    kind: Literal["facts", "completeness", "consistency"]
    place: str = Field(max_length=160)
    problem: str = Field(min_length=1, max_length=400)


class ReviewAnswer(Answer):
    """The model's part of a review."""

    faults: tuple[FaultAnswer, ...] = Field(max_length=MAX_FAULTS)


async def review(
    client: ModelClient, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
) -> tuple[Fault, ...]:
    """Ask for the faults of a draft, apart from those that the rules found."""
    material = await asyncio.to_thread(Material.of, ask)

    def prompt(share: float) -> str:
        return material.prompt(ask, share, more=[*_rules(found), *draft_lines(made, share)])

    answer = await client.ask(
        Order(
            operation="review",
            system=system_prompt("review", ask.language),
            prompt=prompt,
            answer=ReviewAnswer,
        )
    )
    return tuple(judged(FaultKind(f.kind), f.problem, f.place) for f in answer.faults)


def _rules(found: Iterable[Fault]) -> Iterator[str]:
    for fault in found:
        yield f"Found by rules: {fault.message}"
