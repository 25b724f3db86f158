"""Run a plan's steps inside this process: eager, in parallel, without durability.

For scripts and tests; the engine runs the same agents from rows in the database.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from app.agents.dag import parents
from app.agents.orchestrator import missing_steps
from app.agents.results import AgentResult
from app.agents.transitions import never_started
from app.agents.types import AgentContext, AgentTask, StepStatus
from app.agents.workers import Agent
from app.core.errors import AppError
from app.schemas.plan import AgentName, ExecutionPlan

ContextFactory = Callable[
    [ExecutionPlan, AgentTask, Mapping[str, AgentResult], Mapping[str, str]], AgentContext
]


class LocalExecution:
    """Starts each step the moment the last step it waits for ends."""

    def __init__(self, agents: Mapping[AgentName, Agent], context_of: ContextFactory) -> None:
        self._agents = agents
        self._context_of = context_of

    async def execute(
        self, plan: ExecutionPlan, tasks: Sequence[AgentTask]
    ) -> tuple[AgentTask, ...]:
        """Run all steps; a failed step ends those that need it and no others."""
        ended = {task.key: asyncio.get_running_loop().create_future() for task in tasks}

        async def run(task: AgentTask) -> None:
            before = [await ended[key] for key in parents(task.step)]
            ended[task.key].set_result(await self._end(plan, task, before))

        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(run(task))
        return tuple(ended[task.key].result() for task in tasks)

    async def _end(
        self, plan: ExecutionPlan, task: AgentTask, before: Sequence[AgentTask]
    ) -> AgentTask:
        missing = missing_steps(before)
        lacking = [key for key in task.step.depends_on if key in missing]
        if lacking:
            reason = f"{task.step.title}: needs {', '.join(lacking)}"
            return task.model_copy(update={"status": never_started(task.step), "error": reason})
        results = {t.key: t.result for t in before if t.result is not None}
        context = self._context_of(plan, task, results, missing)
        try:
            result = await self._agents[task.step.agent].run(task, context)
        except AppError as error:
            return task.model_copy(update={"status": StepStatus.FAILED, "error": error.message})
        return task.model_copy(update={"status": StepStatus.DONE, "result": result})
