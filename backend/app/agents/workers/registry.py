"""Which agent answers to which name."""

from collections.abc import Mapping
from typing import Protocol

from app.agents.ports import Renderer
from app.agents.results import AgentResult
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.deliverables import DocsAgent, SheetsAgent, SlidesAgent
from app.agents.workers.research import ResearchAgent
from app.agents.workers.review import ReviewAgent
from app.schemas.plan import AgentName


class Agent(Protocol):
    """Does one kind of step."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Do the step; raise `RetryTask`, `TaskFailed` or `BudgetExceeded` when it cannot."""
        ...


def default_agents(renderer: Renderer) -> Mapping[AgentName, Agent]:
    """Return the agents that come with Madang."""
    return {
        AgentName.RESEARCH: ResearchAgent(),
        AgentName.DOCS: DocsAgent(renderer),
        AgentName.SHEETS: SheetsAgent(renderer),
        AgentName.SLIDES: SlidesAgent(renderer),
        AgentName.REVIEW: ReviewAgent(),
    }
