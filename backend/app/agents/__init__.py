"""Agents: pure planning and work on typed values; no database, no web."""

from app.agents.orchestrator import MultiAgentOrchestrator, TaskOutcome
from app.agents.results import AgentResult
from app.agents.task_planner import ExecutionPlan, PlanStep, TaskPlanner
from app.agents.types import AgentContext, AgentTask

__all__ = [
    "AgentContext",
    "AgentResult",
    "AgentTask",
    "ExecutionPlan",
    "MultiAgentOrchestrator",
    "PlanStep",
    "TaskOutcome",
    "TaskPlanner",
]
