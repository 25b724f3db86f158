"""Review: compare what was made with what was planned, and say the last word."""

import asyncio

from app.agents.results import AgentResult
from app.agents.review import inconsistencies
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.ask import ask_of


class ReviewAgent:
    """Checks the results of all other steps and sums them up."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Ask the composer for the synthesis, telling it what is missing and why; add to it the
        figures that differ between the files.
        """
        await context.report(
            "결과를 점검하고 있습니다" if context.language == "ko" else "Checking the results"
        )
        differing = await asyncio.to_thread(inconsistencies, context.results, context.language)
        synthesis = await context.composer.synthesise(ask_of(task, context), context.missing)
        synthesis = synthesis.model_copy(update={"inconsistencies": differing})
        return AgentResult(summary=synthesis.summary, synthesis=synthesis)
