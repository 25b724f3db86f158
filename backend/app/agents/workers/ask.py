"""Turn a step and its context into an order to the composer."""

from app.agents.ports import Ask
from app.agents.types import AgentContext, AgentTask


def ask_of(task: AgentTask, context: AgentContext) -> Ask:
    """Return the order for this step."""
    return Ask(
        goal=context.goal,
        language=context.language,
        today=context.today,
        step=task.step,
        sources=context.sources,
        results=context.results,
    )
