"""The agents that a plan's steps name."""

from app.agents.workers.deliverables import DocsAgent, SheetsAgent, SlidesAgent
from app.agents.workers.registry import Agent, default_agents
from app.agents.workers.research import ResearchAgent
from app.agents.workers.review import ReviewAgent

__all__ = [
    "Agent",
    "DocsAgent",
    "ResearchAgent",
    "ReviewAgent",
    "SheetsAgent",
    "SlidesAgent",
    "default_agents",
]
