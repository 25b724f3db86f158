"""`MultiAgentOrchestrator`: from a goal to finished files through a team of agents.

It decides what is done and joins what comes of it; an `Execution` decides where and how durably
the steps run: `LocalExecution` in this process, or the engine's rows and workers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from app.agents.constraints import Constraints, ViolationCode
from app.agents.dag import topological_order
from app.agents.ports import Goal
from app.agents.results import AgentResult, ArtifactRef, Synthesis
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus
from app.agents.types import AgentTask, StepStatus
from app.core.errors import Invalid, Limited
from app.schemas.base import Frozen
from app.schemas.plan import ExecutionPlan


class ConstraintsViolated(Invalid):
    """The plan may need more than is allowed."""

    code = "constraints_violated"


class CapTooSmall(Limited):
    """The plan may cost more than the cap allows."""

    code = "cap_too_small"


class TaskOutcome(Frozen):
    """What came of a task: its status, its files, the last word, why anything is missing, and how
    many steps ended how.
    """

    status: TaskStatus
    synthesis: Synthesis
    artifacts: tuple[ArtifactRef, ...] = ()
    missing: Mapping[str, str] = {}
    census: Mapping[StepStatus, int] = {}


class Execution(Protocol):
    """Runs the steps of an approved plan to their end."""

    async def execute(
        self, plan: ExecutionPlan, tasks: Sequence[AgentTask]
    ) -> tuple[AgentTask, ...]:
        """Run each step as soon as what it waits for has ended; return all, ended."""
        ...


class MultiAgentOrchestrator:
    """Plans, executes and joins."""

    def __init__(self, planner: TaskPlanner, execution: Execution) -> None:
        self.planner = planner
        self._execution = execution

    async def decompose_task(self, goal: Goal) -> tuple[ExecutionPlan, tuple[AgentTask, ...]]:
        """Plan the goal and return the plan with its steps ready to run."""
        plan = await self.planner.plan(goal)
        return plan, agent_tasks_of(plan)

    async def execute_tasks(
        self, plan: ExecutionPlan, tasks: Sequence[AgentTask]
    ) -> tuple[AgentTask, ...]:
        """Run the steps in parallel where their dependencies allow; return them, ended."""
        topological_order([task.step for task in tasks])
        return await self._execution.execute(plan, tasks)

    def synthesize_results(self, plan: ExecutionPlan, tasks: Sequence[AgentTask]) -> TaskOutcome:
        """Join the ended steps into one outcome."""
        return join_results(plan, tasks)

    async def execute_complex_task(
        self, goal: Goal, constraints: Constraints | None = None
    ) -> TaskOutcome:
        """Go the whole way: plan, fit the plan into the limits, execute, join.

        Raises:
            CapTooSmall, ConstraintsViolated: The plan breaks a limit; nothing was run.
        """
        limits = constraints or Constraints()
        plan, _ = await self.decompose_task(goal)
        plan = self.planner.reshape(plan, limits, source_characters=goal.source_characters)
        require_within(self.planner, plan, limits)
        tasks = agent_tasks_of(plan)
        return self.synthesize_results(plan, await self.execute_tasks(plan, tasks))


def require_within(planner: TaskPlanner, plan: ExecutionPlan, constraints: Constraints) -> None:
    """Raise `CapTooSmall` or `ConstraintsViolated`, naming every violation, if there is one."""
    violations = planner.validate_constraints(plan, constraints)
    if not violations:
        return
    facts = [violation.as_fact() for violation in violations]
    over_cap = [v for v in violations if v.code is ViolationCode.COST_OVER_LIMIT]
    if over_cap:
        raise CapTooSmall(over_cap[0].message, violations=facts)
    raise ConstraintsViolated(
        " ".join(violation.message for violation in violations),
        limits=[violation.limit for violation in violations],
        violations=facts,
    )


def agent_tasks_of(plan: ExecutionPlan) -> tuple[AgentTask, ...]:
    """Return one waiting `AgentTask` for each step of the plan."""
    return tuple(AgentTask(key=step.key, step=step) for step in plan.steps)


def missing_steps(tasks: Sequence[AgentTask]) -> dict[str, str]:
    """Return the reason of each step that is not done, by key."""
    return {
        task.key: task.error or f"{task.step.title}: {task.status}"
        for task in tasks
        if task.status is not StepStatus.DONE
    }


def join_results(plan: ExecutionPlan, tasks: Sequence[AgentTask]) -> TaskOutcome:
    """Join the steps: done when every required step is done, partial or failed otherwise."""
    results = {task.key: task.result for task in tasks if task.result is not None}
    missing = missing_steps(tasks)
    artifacts = tuple(ref for result in results.values() for ref in result.artifacts)
    required = {step.key for step in plan.steps if step.required}
    if not required & missing.keys():
        status = TaskStatus.DONE
    else:
        status = TaskStatus.PARTIAL if artifacts else TaskStatus.FAILED
    return TaskOutcome(
        status=status,
        synthesis=last_word(results, missing),
        artifacts=artifacts,
        missing=missing,
        census=Counter(task.status for task in tasks),
    )


def last_word(results: Mapping[str, AgentResult], missing: Mapping[str, str]) -> Synthesis:
    """Return the review's synthesis, or a plain one if the review itself did not end well."""
    written = [r.synthesis for r in results.values() if r.synthesis is not None]
    if written:
        return written[-1]
    made = [ref.name for result in results.values() for ref in result.artifacts]
    return Synthesis(summary=", ".join(made), missing=tuple(missing.values()))
