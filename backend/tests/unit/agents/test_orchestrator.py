"""The whole way in one process: plan, run in parallel, join."""

import asyncio
from collections.abc import Mapping

import pytest

from app.agents.constraints import Constraints
from app.agents.errors import TaskFailed
from app.agents.local_execution import LocalExecution
from app.agents.orchestrator import (
    ConstraintsViolated,
    MultiAgentOrchestrator,
    agent_tasks_of,
)
from app.agents.results import AgentResult
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus
from app.agents.types import AgentContext, AgentTask, StepStatus
from app.agents.workers import Agent, ReviewAgent
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep
from app.sources import SourceLibrary
from tests.factories.agents import ActingAgent, Gate, raising
from tests.factories.composers import TODAY, ProposingComposer, make_goal
from tests.factories.engine import SumAgent, make_step


class NoStore:
    """Agents of these tests save nothing."""


def orchestrator(agent: Agent, *steps: PlanStep) -> MultiAgentOrchestrator:
    composer = ProposingComposer(steps)

    async def report(_text: str) -> None:
        return None

    def context_of(
        plan: ExecutionPlan,
        _task: AgentTask,
        results: Mapping[str, AgentResult],
        missing: Mapping[str, str],
    ) -> AgentContext:
        return AgentContext(
            task_id="t",
            goal=plan.goal,
            language=plan.language,
            today=TODAY,
            composer=composer,
            sources=SourceLibrary([]),
            artifacts=NoStore(),  # type: ignore[arg-type]  # never called
            results=results,
            missing=missing,
            report=report,
        )

    agents = {AgentName.RESEARCH: agent, AgentName.REVIEW: ReviewAgent()}
    return MultiAgentOrchestrator(
        TaskPlanner(composer, price=None), LocalExecution(agents, context_of)
    )


class TestExecuteComplexTask:
    async def test_goes_the_whole_way(self) -> None:
        agent = ActingAgent()
        outcome = await orchestrator(
            agent, make_step("a"), make_step("b", "a")
        ).execute_complex_task(make_goal())
        assert outcome.status is TaskStatus.DONE
        assert outcome.synthesis.summary == "all in all"
        assert agent.runs == ["a", "b"]

    async def test_runs_nothing_when_the_plan_breaks_a_limit(self) -> None:
        agent = ActingAgent()
        with pytest.raises(ConstraintsViolated, match="max_steps is 1"):
            await orchestrator(agent, make_step("a"), make_step("b")).execute_complex_task(
                make_goal(), Constraints(max_steps=1)
            )
        assert agent.runs == []

    async def test_leaves_optional_steps_out_to_keep_a_limit(self) -> None:
        agent = ActingAgent()
        steps = (make_step("a"), make_step("extra", required=False))
        outcome = await orchestrator(agent, *steps).execute_complex_task(
            make_goal(), Constraints(max_steps=2)
        )
        assert outcome.status is TaskStatus.DONE
        assert agent.runs == ["a"]

    async def test_says_what_is_missing_and_why(self) -> None:
        agent = ActingAgent(a=raising(TaskFailed("the well is dry")))
        outcome = await orchestrator(
            agent, make_step("a"), make_step("b", "a")
        ).execute_complex_task(make_goal())
        assert outcome.status is TaskStatus.FAILED
        assert outcome.missing == {"a": "the well is dry", "b": "b: needs a"}
        assert "the well is dry" in outcome.synthesis.missing


class TestDecomposeTask:
    async def test_gives_one_waiting_task_for_each_step(self) -> None:
        plan, tasks = await orchestrator(ActingAgent(), make_step("a")).decompose_task(make_goal())
        assert [task.key for task in tasks] == [step.key for step in plan.steps]
        assert {task.status for task in tasks} == {StepStatus.WAITING}


class TestExecuteTasks:
    async def test_hands_results_to_the_steps_that_depend_on_them(self) -> None:
        team = orchestrator(
            SumAgent(), make_step("a"), make_step("b", "a"), make_step("c", "a", "b")
        )
        plan, tasks = await team.decompose_task(make_goal())
        done = {task.key: task for task in await team.execute_tasks(plan, tasks)}
        sums = {key: done[key].result for key in ("a", "b", "c")}
        assert {key: result.summary for key, result in sums.items() if result} == {
            "a": "1",
            "b": "2",
            "c": "4",
        }

    async def test_starts_steps_together_that_do_not_wait_for_each_other(self) -> None:
        left, right = Gate(), Gate()
        team = orchestrator(
            ActingAgent(left=left, right=right), make_step("left"), make_step("right")
        )
        plan, tasks = await team.decompose_task(make_goal())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(team.execute_tasks(plan, tasks))
            await left.entered.wait()
            await right.entered.wait()
            left.opened.set()
            right.opened.set()
        assert {task.status for task in running.result()} == {StepStatus.DONE}


class TestSynthesizeResults:
    async def test_is_done_when_only_an_optional_step_failed(self) -> None:
        team = orchestrator(
            ActingAgent(extra=raising(TaskFailed("no"))),
            make_step("main"),
            make_step("extra", required=False),
        )
        plan, tasks = await team.decompose_task(make_goal())
        outcome = team.synthesize_results(plan, await team.execute_tasks(plan, tasks))
        assert outcome.status is TaskStatus.DONE
        assert outcome.missing == {"extra": "no"}

    async def test_says_something_plain_when_the_review_did_not_end(self) -> None:
        team = orchestrator(ActingAgent(), make_step("main"))
        plan, _ = await team.decompose_task(make_goal())
        failed = [
            task.model_copy(update={"status": StepStatus.FAILED, "error": "gone"})
            for task in agent_tasks_of(plan)
        ]
        outcome = team.synthesize_results(plan, failed)
        assert outcome.status is TaskStatus.FAILED
        assert outcome.synthesis.missing == ("gone", "gone")

    async def test_is_not_done_while_a_required_step_waits(self) -> None:
        team = orchestrator(ActingAgent(), make_step("main"))
        plan, tasks = await team.decompose_task(make_goal())
        outcome = team.synthesize_results(plan, tasks)
        assert outcome.status is TaskStatus.FAILED
        assert set(outcome.missing) == {"main", "review"}
