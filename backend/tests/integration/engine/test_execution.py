"""Plans run from rows: in parallel, eagerly, and to an honest end."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy import select

from app.agents.errors import TaskFailed
from app.agents.orchestrator import agent_tasks_of, join_results
from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus
from app.agents.types import AgentContext, AgentTask, StepStatus
from app.core.config import EngineSettings
from app.models import Task
from app.schemas.plan import AgentName
from tests.factories.agents import Act, ActingAgent, FailsTimes, Gate, raising
from tests.factories.engine import (
    EngineHarness,
    OpenEngine,
    SumAgent,
    make_plan,
    make_step,
)


def by_key(tasks: tuple[AgentTask, ...]) -> dict[str, AgentTask]:
    return {task.key: task for task in tasks}


async def task_row(harness: EngineHarness, task_id: str) -> Task:
    async with harness.database.transaction() as session:
        return (await session.execute(select(Task).where(Task.id == task_id))).scalar_one()


RunActs = Callable[..., AbstractAsyncContextManager[EngineHarness]]


@pytest.fixture
def run_acts(open_engine: OpenEngine, engine_settings: EngineSettings) -> RunActs:
    def open_with(**acts: Act) -> AbstractAsyncContextManager[EngineHarness]:
        agents = {AgentName.RESEARCH: ActingAgent(**acts)}
        return open_engine(agents=agents, settings=engine_settings)

    return open_with


class TestExecute:
    async def test_gives_each_step_the_results_of_those_it_depends_on(
        self, open_engine: OpenEngine
    ) -> None:
        steps = [
            make_step("a"),
            make_step("b", "a"),
            make_step("c", "a"),
            make_step("d", "b", "c"),
        ]
        agents = {AgentName.RESEARCH: SumAgent()}
        async with open_engine(agents=agents) as harness:
            done = by_key(await harness.run(make_plan(steps)))
        results = {key: task.result.summary for key, task in done.items() if task.result}
        assert results == {"a": "1", "b": "2", "c": "2", "d": "5"}

    async def test_starts_a_step_when_its_own_dependencies_end_not_when_a_level_does(
        self, run_acts: RunActs
    ) -> None:
        slow = Gate()
        async with run_acts(slow=slow) as harness:
            plan = make_plan([make_step("quick"), make_step("slow"), make_step("next", "quick")])
            task_id = await harness.add_task(plan)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(
                    harness.execution(task_id).execute(plan, agent_tasks_of(plan))
                )
                async for event in harness.feed.follow(task_id):
                    if event.kind == "step.done" and event.step_key == "next":
                        break
                assert slow.entered.is_set()
                slow.opened.set()
                assert by_key(await running)["slow"].status is StepStatus.DONE

    async def test_skips_what_needs_a_failed_step_and_runs_what_only_waits_for_it(
        self, run_acts: RunActs
    ) -> None:
        steps = [
            make_step("bad"),
            make_step("needs", "bad"),
            make_step("needs_more", "needs"),
            make_step("other"),
            make_step("review", after=("bad", "needs", "needs_more", "other")),
        ]
        plan = make_plan(steps)
        async with run_acts(bad=raising(TaskFailed("it broke"))) as harness:
            done = by_key(await harness.run(plan))
        assert {key: task.status for key, task in done.items()} == {
            "bad": StepStatus.FAILED,
            "needs": StepStatus.BLOCKED,
            "needs_more": StepStatus.BLOCKED,
            "other": StepStatus.DONE,
            "review": StepStatus.DONE,
        }
        assert done["bad"].error == "it broke"
        outcome = join_results(plan, tuple(done.values()))
        assert outcome.status is TaskStatus.FAILED
        assert set(outcome.missing) == {"bad", "needs", "needs_more"}

    async def test_tries_a_step_again_that_asks_for_it(self, run_acts: RunActs) -> None:
        async with run_acts(flaky=FailsTimes(1)) as harness:
            done = by_key(await harness.run(make_plan([make_step("flaky")])))
        assert done["flaky"].status is StepStatus.DONE
        assert done["flaky"].attempt == 2

    async def test_gives_up_after_the_bound_of_tries(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent(flaky=FailsTimes(9))}
        settings = EngineSettings(max_attempts=1)
        async with open_engine(agents=agents, settings=settings) as harness:
            done = by_key(await harness.run(make_plan([make_step("flaky")])))
        assert done["flaky"].status is StepStatus.FAILED
        assert done["flaky"].error == "not yet"

    async def test_reports_a_defect_without_its_text(self, run_acts: RunActs) -> None:
        async with run_acts(bug=raising(RuntimeError("key sk-secret"))) as harness:
            done = by_key(await harness.run(make_plan([make_step("bug")])))
        assert done["bug"].status is StepStatus.FAILED
        assert "RuntimeError" in str(done["bug"].error)
        assert "sk-secret" not in str(done["bug"].error)

    async def test_stops_a_step_that_runs_too_long(self, open_engine: OpenEngine) -> None:
        agents = {AgentName.RESEARCH: ActingAgent(stuck=Gate())}
        settings = EngineSettings(max_attempts=1, step_timeout_s=0.2)
        async with open_engine(agents=agents, settings=settings) as harness:
            done = by_key(await harness.run(make_plan([make_step("stuck")])))
        assert done["stuck"].status is StepStatus.FAILED
        assert "longer than" in str(done["stuck"].error)

    async def test_stops_a_step_at_its_own_deadline_and_does_not_try_again(
        self, open_engine: OpenEngine
    ) -> None:
        agent = ActingAgent(late=Gate())
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            done = by_key(await harness.run(make_plan([make_step("late", deadline_s=0.2)])))
        assert done["late"].status is StepStatus.FAILED
        assert "deadline of 0.2 s" in str(done["late"].error)
        assert agent.runs == ["late"]

    async def test_ends_an_optional_step_as_skipped_when_what_it_needs_failed(
        self, run_acts: RunActs
    ) -> None:
        steps = [make_step("bad", required=False), make_step("extra", "bad", required=False)]
        plan = make_plan([*steps, make_step("good")])
        async with run_acts(bad=raising(TaskFailed("it broke"))) as harness:
            done = by_key(await harness.run(plan))
        assert done["extra"].status is StepStatus.SKIPPED
        outcome = join_results(plan, tuple(done.values()))
        assert outcome.status is TaskStatus.DONE
        assert outcome.census == {
            StepStatus.FAILED: 1,
            StepStatus.SKIPPED: 1,
            StepStatus.DONE: 1,
        }

    async def test_asks_the_model_that_a_step_names(self, open_engine: OpenEngine) -> None:
        asked: list[str] = []

        async def note(task: AgentTask, context: AgentContext) -> AgentResult:
            asked.append(f"{task.key} {context.composer.model}")
            return AgentResult(summary="noted")

        agents = {AgentName.RESEARCH: ActingAgent(own=note, plain=note)}
        async with open_engine(agents=agents) as harness:
            steps = [make_step("own", model="openai:own"), make_step("plain")]
            await harness.run(make_plan(steps, model="openai:plan"))
        assert sorted(asked) == ["own openai:own", "plain openai:plan"]


class TestPause:
    async def test_keeps_what_is_done_and_resumes_with_the_rest(self, run_acts: RunActs) -> None:
        gate = Gate()
        async with run_acts(second=gate) as harness:
            task_id = await harness.begin(
                make_plan([make_step("first"), make_step("second", "first")])
            )
            await gate.entered.wait()
            await harness.stop(task_id, TaskStatus.PAUSED)
            await harness.execution(task_id).wait()
            assert (await task_row(harness, task_id)).status == TaskStatus.PAUSED
            gate.opened.set()
            await harness.resume(task_id)
            await harness.until(task_id, "task.ended")
            steps = await harness.steps(task_id)
        assert {step.key: step.status for step in steps} == {"first": "done", "second": "done"}
        assert {step.key: step.attempt for step in steps} == {"first": 1, "second": 2}


class TestCancel:
    async def test_ends_every_step_and_the_late_result_is_not_written(
        self, run_acts: RunActs
    ) -> None:
        gate = Gate()
        async with run_acts(first=gate) as harness:
            task_id = await harness.begin(
                make_plan([make_step("first"), make_step("second", "first")])
            )
            await gate.entered.wait()
            await harness.stop(task_id, TaskStatus.CANCELLED)
            gate.opened.set()
            await harness.execution(task_id).wait()
            steps = await harness.steps(task_id)
        assert {step.status for step in steps} == {"cancelled"}
        assert all(step.result_sha256 is None for step in steps)


class TestResume:
    async def test_runs_failed_steps_again_and_the_review_with_them(
        self, run_acts: RunActs
    ) -> None:
        flaky = FailsTimes(3)
        async with run_acts(flaky=flaky) as harness:
            plan = make_plan(
                [
                    make_step("good"),
                    make_step("flaky"),
                    make_step("review", after=("good", "flaky")),
                ]
            )
            task_id = await harness.begin(plan)
            ended = await harness.until(task_id, "task.ended")
            assert {s.key: s.status for s in await harness.steps(task_id)}["flaky"] == "failed"
            await harness.resume(task_id)
            await harness.until(task_id, "task.ended", after=ended)
            steps = {step.key: step for step in await harness.steps(task_id)}
        assert {key: step.status for key, step in steps.items()} == {
            "good": "done",
            "flaky": "done",
            "review": "done",
        }
        assert steps["good"].attempt == 1
        assert steps["review"].attempt == 2


class TestFollow:
    async def test_replays_from_the_event_after_the_last_one_seen(self, run_acts: RunActs) -> None:
        async with run_acts() as harness:
            task_id = await harness.begin(make_plan([make_step("one")]))
            await harness.until(task_id, "task.ended")
            everything = await harness.feed.events_after(task_id, 0)
            rest = await harness.feed.events_after(task_id, everything[1].seq)
        assert [event.seq for event in everything] == list(range(1, len(everything) + 1))
        assert [event.kind for event in everything] == [
            "task.started",
            "step.started",
            "step.done",
            "task.ended",
        ]
        assert list(rest) == list(everything[2:])
