"""A begun task planned anew: what is done is never done again, and nothing runs unasked."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.agents.errors import NothingToReplan, TaskFailed
from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus, TransitionForbidden
from app.agents.types import AgentContext, AgentTask
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.errors import Conflict
from app.engine import LedgerDesk
from app.models import Task
from app.schemas.plan import AgentName
from app.schemas.plan_edit import DecisionKind, PlanStatus
from app.schemas.replan import ReplanRequest
from app.services.tasks import NotReplannable, TooManyReplans
from tests.factories.agents import ActingAgent, Gate, raising
from tests.factories.engine import EngineHarness, LedgerMind, OpenEngine, make_plan, make_step
from tests.factories.ledger import money_of
from tests.factories.model_calls import Sender, make_request
from tests.factories.replanning import (
    GatedComposer,
    Services,
    composer_of,
    make_services,
    opened,
    replan_id_of,
    replan_ledger,
)

CENT = Decimal("0.01")
AROUND = ReplanRequest()
FAILING = make_plan(
    [
        make_step("first"),
        make_step("second", "first"),
        make_step("extra", required=False),
        make_step("after", "second", "extra"),
        make_step("review", agent="review", after=("first", "second", "extra", "after")),
    ]
)


class Paying:
    """An act that makes one paid call and counts it, then fails while it is told to."""

    def __init__(self) -> None:
        self.senders: dict[str, Sender] = {}
        self.failing: set[str] = set()

    async def __call__(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Pay, then fail or succeed."""
        assert isinstance(context.composer, LedgerMind)
        sender = self.senders.setdefault(task.key, Sender())
        request = make_request(f"{task.key} {sorted(context.results)} {sorted(context.missing)}")
        await context.composer.ledger.call(request, CENT, sender)
        if task.key in self.failing:
            raise TaskFailed("it broke")
        return AgentResult(summary=f"{task.key} done")

    def calls(self, key: str) -> int:
        """Return how many paid calls a step has made."""
        return len(self.senders[key].keys) if key in self.senders else 0


def paying_agents(act: Paying) -> dict[AgentName, ActingAgent]:
    keys = ("first", "second", "extra", "after", "review", "second-2", "extra-2")
    agent = ActingAgent(**dict.fromkeys(keys, act))
    return {AgentName.RESEARCH: agent, AgentName.REVIEW: agent}


def failing_once() -> ActingAgent:
    """Return an agent whose step "two" fails the first time."""
    failures = [TaskFailed("not yet")]

    async def act(task: AgentTask, context: AgentContext) -> AgentResult:
        if failures:
            raise failures.pop()
        return AgentResult(summary="at last")

    return ActingAgent(two=act)


async def statuses(harness: EngineHarness, task_id: str) -> dict[str, str]:
    return {step.key: step.status for step in await harness.steps(task_id)}


async def kinds(database: Database, task_id: str) -> list[str]:
    query = text("SELECT kind FROM task_events WHERE task_id = :id ORDER BY seq")
    async with database.transaction() as session:
        return list((await session.execute(query, {"id": task_id})).scalars())


class TestReplan:
    async def test_repeats_no_finished_step_and_pays_for_none_again(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        act = Paying()
        act.failing = {"extra"}
        agents = paying_agents(act)
        async with open_engine(agents=agents) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(FAILING)
            seen = await harness.until(task_id, "task.ended")
            assert await statuses(harness, task_id) == {
                "first": "done",
                "second": "done",
                "extra": "failed",
                "after": "blocked",
                "review": "done",
            }
            before = {row.key: row for row in await harness.steps(task_id)}
            await services.approve_usd("1")
            made = await services.replans.replan(services.user_id, task_id, AROUND)
            await harness.until(task_id, "task.ended", after=seen)
            after = {row.key: row for row in await harness.steps(task_id)}
            task = await services.tasks.get(services.user_id, task_id)
            hashes = (await services.executed_hash(task_id), made.plan.content_hash)
        assert made.difference.model_dump() == {
            "kept": ("first", "second"),
            "again": ("after", "review"),
            "added": (),
            "replaced": ("extra",),
        }
        assert {key: row.status for key, row in after.items()} == {
            "first": "done",
            "second": "done",
            "after": "done",
            "review": "done",
            "extra": "replaced",
        }
        for key in ("first", "second"):
            assert act.calls(key) == 1
            assert agents[AgentName.RESEARCH].runs.count(key) == 1
            assert after[key].result_sha256 == before[key].result_sha256
            assert (after[key].id, after[key].attempt) == (before[key].id, 1)
        assert hashes[0] == hashes[1]
        assert made.plan.decision is DecisionKind.REPLAN
        assert (task.status, task.replans, task.missing) == ("done", 1, {})
        calls = sum(act.calls(key) for key in act.senders)
        assert await money_of(database, task_id) == (CENT * calls, Decimal(0))

    async def test_that_costs_more_than_approved_waits_and_is_quoted_for_the_rest_only(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        act = Paying()
        act.failing = {"extra"}
        async with open_engine(agents=paying_agents(act)) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(FAILING)
            seen = await harness.until(task_id, "task.ended")
            runs = dict(act.senders)
            made = await services.replans.replan(services.user_id, task_id, AROUND)
            task = await services.tasks.get(services.user_id, task_id)
            assert made.needs_approval
            assert made.expected_usd > made.approved_usd
            assert (task.status, made.plan.status) == ("planned", PlanStatus.PROPOSED)
            assert await statuses(harness, task_id) == {
                "first": "done",
                "second": "done",
                "extra": "failed",
                "after": "blocked",
                "review": "done",
            }
            assert act.senders == runs
            estimated = {s.key for s in made.plan.plan.steps if s.estimate is not None}
            assert estimated == {"after", "review"}
            with pytest.raises(TransitionForbidden, match="approve or reject"):
                await services.tasks.resume(services.user_id, task_id)
            await services.plans.approve(services.user_id, task_id, made.plan.content_hash)
            await harness.until(task_id, "task.ended", after=seen)
            assert (await services.tasks.get(services.user_id, task_id)).status == "done"
            revisions = await services.plans.page(services.user_id, task_id, limit=9)
        assert [r.status for r in revisions] == [PlanStatus.APPROVED, PlanStatus.SUPERSEDED]
        assert (act.calls("first"), act.calls("second")) == (1, 1)
        assert "task.replanned" in await kinds(database, task_id)

    async def test_rejected_leaves_the_task_as_it_was_on_its_old_plan(
        self, open_engine: OpenEngine, desk: LedgerDesk
    ) -> None:
        act = Paying()
        act.failing = {"extra"}
        async with open_engine(agents=paying_agents(act)) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(FAILING)
            seen = await harness.until(task_id, "task.ended")
            before = await services.tasks.get(services.user_id, task_id)
            made = await services.replans.replan(services.user_id, task_id, AROUND)
            await services.plans.reject(services.user_id, task_id, made.plan.content_hash)
            after = await services.tasks.get(services.user_id, task_id)
            assert (after.status, after.content_hash) == (before.status, FAILING.content_hash)
            assert after.summary == before.summary
            act.failing = set()
            await services.tasks.resume(services.user_id, task_id)
            await harness.until(task_id, "task.ended", after=seen)
            assert (await services.tasks.get(services.user_id, task_id)).status == "done"
        assert act.calls("first") == 1

    async def test_puts_other_research_in_the_place_of_what_failed_for_good(
        self, open_engine: OpenEngine, desk: LedgerDesk
    ) -> None:
        agent = ActingAgent(only=raising(TaskFailed("never")))
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(make_plan([make_step("only")]))
            seen = await harness.until(task_id, "task.ended")
            made = await services.replans.replan(services.user_id, task_id, AROUND)
            await harness.until(task_id, "task.ended", after=seen)
            assert (await services.tasks.get(services.user_id, task_id)).status == "done"
        assert (made.difference.added, made.difference.replaced) == (("only-2",), ("only",))

    async def test_of_a_paused_task_keeps_what_is_done(
        self, open_engine: OpenEngine, desk: LedgerDesk
    ) -> None:
        gate = Gate()
        agent = ActingAgent(second=gate)
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(
                make_plan([make_step("first"), make_step("second", "first")])
            )
            await gate.entered.wait()
            with pytest.raises(NotReplannable, match="pause it"):
                await services.replans.replan(services.user_id, task_id, AROUND)
            await services.tasks.pause(services.user_id, task_id)
            gate.opened.set()
            await services.replans.replan(services.user_id, task_id, AROUND)
            await harness.until(task_id, "task.ended")
        assert agent.runs.count("first") == 1

    async def test_of_a_done_task_needs_another_goal(
        self, open_engine: OpenEngine, desk: LedgerDesk
    ) -> None:
        async with open_engine(agents={AgentName.RESEARCH: ActingAgent()}) as harness:
            services = await make_services(harness, desk, composer=opened())
            task_id = await harness.begin(make_plan([make_step("one")]))
            await harness.until(task_id, "task.ended")
            with pytest.raises(NotReplannable, match="another goal"):
                await services.replans.replan(services.user_id, task_id, AROUND)
            other = ReplanRequest(goal="multiply instead")
            with pytest.raises(NothingToReplan):
                await services.replans.replan(services.user_id, task_id, other)
            task = await services.tasks.get(services.user_id, task_id)
        assert (task.status, task.goal, task.replans) == ("done", "add up", 0)

    async def test_happens_so_often_and_no_more(
        self, open_engine: OpenEngine, desk: LedgerDesk
    ) -> None:
        act = raising(TaskFailed("never"))
        agent = ActingAgent(**{"only": act, "only-2": act, "only-3": act})
        async with open_engine(agents={AgentName.RESEARCH: agent}) as harness:
            services = await make_services(harness, desk, max_replans=2)
            task_id = await harness.begin(make_plan([make_step("only")]))
            seen = await harness.until(task_id, "task.ended")
            for left in (1, 0):
                made = await services.replans.replan(services.user_id, task_id, AROUND)
                assert made.replans_left == left
                seen = await harness.until(task_id, "task.ended", after=seen)
            with pytest.raises(TooManyReplans, match="2 times"):
                await services.replans.replan(services.user_id, task_id, AROUND)
            task = await services.tasks.get(services.user_id, task_id)
        assert (task.status, set(task.missing)) == ("failed", {"only-3"})


class TestByItself:
    @pytest.mark.parametrize("is_on", [True, False])
    async def test_only_when_the_settings_say_so_and_never_without_end(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk, *, is_on: bool
    ) -> None:
        made: list[Services] = []

        async def replan(task_id: str) -> None:
            await made[0].replans.replan_by_itself(task_id)

        agents = {AgentName.RESEARCH: ActingAgent(two=raising(TaskFailed("never")))}
        settings = EngineSettings(replan_on_failure=is_on)
        async with open_engine(agents=agents, settings=settings, replan=replan) as harness:
            made.append(await make_services(harness, desk, composer=opened(), max_replans=2))
            task_id = await harness.begin(make_plan([make_step("one"), make_step("two")]))
            seen = await harness.until(task_id, "task.ended")
            for _ in range(2 if is_on else 0):
                seen = await harness.until(task_id, "task.ended", after=seen)
            await harness.worker.replan_tasks()
            task = await made[0].tasks.get(made[0].user_id, task_id)
        assert (task.status, task.replans) == ("failed", 2 if is_on else 0)
        query = text("SELECT is_replan_due FROM tasks")
        async with database.transaction() as session:
            assert (await session.execute(query)).scalar_one() is False


class TestTwoAtOnce:
    async def test_make_one_plan(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        async with open_engine(agents={AgentName.RESEARCH: failing_once()}) as harness:
            services = await make_services(harness, desk, composer=opened())
            task_id = await harness.begin(make_plan([make_step("one"), make_step("two")]))
            seen = await harness.until(task_id, "task.ended")
            asked = (services.replans.replan(services.user_id, task_id, AROUND) for _ in range(8))
            answers = await asyncio.gather(*asked, return_exceptions=True)
            await harness.until(task_id, "task.ended", after=seen)
            task = await services.tasks.get(services.user_id, task_id)
        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        assert len(refused) == 7
        assert all(isinstance(answer, Conflict) for answer in refused), refused
        assert (task.status, task.replans) == ("done", 1)
        assert (await kinds(database, task_id)).count("task.replanned") == 1

    async def test_one_left_by_a_crash_is_taken_over_with_its_recorded_replies(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        async with open_engine(agents={AgentName.RESEARCH: failing_once()}) as harness:
            first = await make_services(harness, desk, composer=GatedComposer())
            task_id = await harness.begin(make_plan([make_step("one"), make_step("two")]))
            seen = await harness.until(task_id, "task.ended")
            planning = asyncio.ensure_future(first.replans.replan(first.user_id, task_id, AROUND))
            await composer_of(first).entered.wait()
            crashed = await replan_id_of(database)
            async with database.transaction() as session:
                await session.execute(text("UPDATE tasks SET replan_at = now() - interval '1 h'"))
            second = await make_services(harness, desk, composer=GatedComposer())
            taking = asyncio.ensure_future(second.replans.replan(second.user_id, task_id, AROUND))
            await composer_of(second).entered.wait()
            assert await replan_id_of(database) == crashed
            composer_of(second).opened.set()
            await taking
            composer_of(first).opened.set()
            with pytest.raises(Conflict):
                await planning
            await harness.until(task_id, "task.ended", after=seen)
            task = await first.tasks.get(first.user_id, task_id)
        assert (task.status, task.replans) == ("done", 1)


class TestRaces:
    @pytest.mark.parametrize("rival", ["cancel", "resume"])
    async def test_what_changes_the_task_meanwhile_wins(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk, rival: str
    ) -> None:
        gate = Gate()
        agents = {AgentName.RESEARCH: ActingAgent(one=gate)}
        async with open_engine(agents=agents) as harness:
            services = await make_services(harness, desk, composer=GatedComposer())
            task_id = await harness.begin(make_plan([make_step("one")]))
            await gate.entered.wait()
            await services.tasks.pause(services.user_id, task_id)
            planning = asyncio.ensure_future(
                services.replans.replan(services.user_id, task_id, AROUND)
            )
            await composer_of(services).entered.wait()
            await getattr(services.tasks, rival)(services.user_id, task_id)
            composer_of(services).opened.set()
            with pytest.raises(Conflict, match="changed while"):
                await planning
            gate.opened.set()
            if rival == "resume":
                await harness.until(task_id, "task.ended")
            task = await services.tasks.get(services.user_id, task_id)
        assert task.status == {"cancel": "cancelled", "resume": "done"}[rival]
        assert task.replans == 0
        assert await replan_id_of(database) is None


class TestLedger:
    async def test_no_call_of_a_plan_that_is_given_up_is_paid(
        self, open_engine: OpenEngine, database: Database, desk: LedgerDesk
    ) -> None:
        gate = Gate()
        async with open_engine(agents={AgentName.RESEARCH: ActingAgent(one=gate)}) as harness:
            services = await make_services(harness, desk)
            task_id = await harness.begin(make_plan([make_step("one")]))
            await gate.entered.wait()
            await harness.stop(task_id, TaskStatus.PAUSED)
            async with database.transaction() as session:
                task = await session.get_one(Task, task_id)
                id = await services.door.take_replan(session, task, "standing", None)
            ledger = replan_ledger(desk, task_id, id)
            await ledger.call(make_request(), CENT, Sender())
            assert (await money_of(database, task_id))[0] == CENT
            await services.tasks.cancel(services.user_id, task_id)
            late = Sender()
            with pytest.raises(Conflict):
                await ledger.call(make_request("more"), CENT, late)
        assert late.keys == []
        assert await money_of(database, task_id) == (CENT, Decimal(0))
