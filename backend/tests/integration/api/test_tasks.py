"""Tasks over HTTP: list, read, cancel, pause, resume."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.agents.transitions import TaskStatus
from app.core.database import Database
from app.core.ids import new_id
from app.models import AgentTaskRow
from tests.factories.ledger import add_running_step
from tests.factories.tasks import make_task
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

TASKS = "/api/v1/tasks"
NO_IDS = ["5942d356-5dcb-48ef-a922-220617cd5489", "7", "not-an-id", "%00", "x" * 3000, "한글"]
MOVES = ["cancel", "pause", "resume"]


class TestListTasks:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(TASKS), 401, "key_refused")

    async def test_shows_only_your_own(
        self, api: AsyncClient, database: Database, mina: KeyHolder, other: KeyHolder
    ) -> None:
        mine = await make_task(database, mina.user.id)
        await make_task(database, other.user.id)
        answer = await api.get(TASKS)
        assert [task["id"] for task in answer.json()["items"]] == [mine.id]

    async def test_of_one_status(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await make_task(database, mina.user.id, status=TaskStatus.RUNNING)
        done = await make_task(database, mina.user.id, status=TaskStatus.DONE)
        answer = await api.get(TASKS, params={"status": "done"})
        assert [task["id"] for task in answer.json()["items"]] == [done.id]

    async def test_the_next_page_keeps_the_filter(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        for n in range(6):
            status = TaskStatus.DONE if n % 2 else TaskStatus.RUNNING
            moment = start + timedelta(minutes=n)
            await make_task(database, mina.user.id, goal=str(n), status=status, created_at=moment)
        first = await api.get(TASKS, params={"status": "done", "limit": 2})
        assert [task["goal"] for task in first.json()["items"]] == ["5", "3"]
        second = await api.get(first.links["next"]["url"])
        assert [task["goal"] for task in second.json()["items"]] == ["1"]
        assert "next" not in second.links

    async def test_of_an_unknown_status(self, api: AsyncClient) -> None:
        answer = await api.get(TASKS, params={"status": "finished\x00"})
        assert pointers(problem(answer, 422, "request_invalid")) == ["query:/status"]

    @pytest.mark.parametrize("cursor", ["x", "MjAyNg", "🙂"])
    async def test_a_cursor_of_ones_own_making(self, api: AsyncClient, cursor: str) -> None:
        answer = await api.get(TASKS, params={"cursor": cursor})
        problem(answer, 422, "cursor_invalid")


class TestReadTask:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(f"{TASKS}/{new_id()}"), 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        task = await make_task(database, other.user.id)
        problem(await api.get(f"{TASKS}/{task.id}"), 404, "task_missing")

    @pytest.mark.parametrize("id", NO_IDS)
    async def test_that_is_not_there(self, api: AsyncClient, id: str) -> None:
        problem(await api.get(f"{TASKS}/{id}"), 404, "task_missing")

    async def test_returns_it_whole(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, goal="이사회 보고")
        answer = await api.get(f"{TASKS}/{task.id}")
        assert answer.status_code == 200
        assert answer.json()["goal"] == "이사회 보고"
        assert answer.json()["status"] == "running"
        assert answer.json()["artifacts"] == []
        assert answer.json()["inconsistencies"] == []

    async def test_names_the_figures_that_differ_between_its_files(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        said = ["Total: 1 in a.docx, 2 in b.xlsx."]
        result = {"synthesis": {"summary": "Made.", "inconsistencies": said}}
        task = await make_task(database, mina.user.id, status=TaskStatus.DONE, result=result)
        answer = await api.get(f"{TASKS}/{task.id}")
        assert answer.json()["inconsistencies"] == said


class TestMoveTask:
    @pytest.mark.parametrize("move", MOVES)
    async def test_anonymous(self, client: AsyncClient, move: str) -> None:
        problem(await client.post(f"{TASKS}/{new_id()}/{move}"), 401, "key_refused")

    @pytest.mark.parametrize("move", MOVES)
    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder, move: str
    ) -> None:
        task = await make_task(database, other.user.id)
        problem(await api.post(f"{TASKS}/{task.id}/{move}"), 404, "task_missing")

    @pytest.mark.parametrize("move", MOVES)
    async def test_that_is_no_id(self, api: AsyncClient, move: str) -> None:
        problem(await api.post(f"{TASKS}/7/{move}"), 404, "task_missing")

    @pytest.mark.parametrize("move", MOVES)
    async def test_one_that_is_done(
        self, api: AsyncClient, database: Database, mina: KeyHolder, move: str
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.DONE)
        problem(await api.post(f"{TASKS}/{task.id}/{move}"), 409, "transition_forbidden")

    async def test_pause_resume_and_cancel(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id)
        await add_running_step(database, task.id)
        statuses = [
            (await api.post(f"{TASKS}/{task.id}/{move}")).json()["status"]
            for move in ("pause", "resume", "cancel")
        ]
        assert statuses == ["paused", "running", "cancelled"]


class TestResumeTask:
    async def test_one_that_never_started(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.FAILED)
        problem(await api.post(f"{TASKS}/{task.id}/resume"), 409, "transition_forbidden")

    async def test_with_a_new_cap(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.PAUSED)
        await add_running_step(database, task.id)
        answer = await api.post(f"{TASKS}/{task.id}/resume", json={"cap_usd": 2.5})
        assert answer.json()["cap_usd"] == 2.5

    async def test_with_a_new_cap_of_a_step(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.PAUSED)
        await add_running_step(database, task.id)
        url = f"{TASKS}/{task.id}/resume"
        problem(await api.post(url, json={"step_caps_usd": {"x": 1}}), 422, "cap_invalid")
        problem(await api.post(url, json={"step_caps_usd": {"s": True}}), 422, "request_invalid")
        answer = await api.post(url, json={"step_caps_usd": {"s": 0.5}})
        assert answer.status_code == 200
        async with database.transaction() as session:
            caps = await session.execute(select(AgentTaskRow.cap_usd))
            assert caps.scalars().all() == [Decimal("0.5")]

    async def test_without_a_new_cap_keeps_the_old(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.PAUSED)
        await add_running_step(database, task.id)
        answer = await api.post(f"{TASKS}/{task.id}/resume", json={})
        assert answer.json()["cap_usd"] == 1

    @pytest.mark.parametrize(
        "cap", ["-1", "1e6", "1e400", '"much"', '"1"', "true", "123456789012345678901"]
    )
    async def test_with_a_cap_that_is_none(
        self, api: AsyncClient, database: Database, mina: KeyHolder, cap: str
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.PAUSED)
        answer = await api.post(
            f"{TASKS}/{task.id}/resume",
            content=f'{{"cap_usd": {cap}}}',
            headers={"Content-Type": "application/json"},
        )
        problem(answer, 422, "request_invalid")
        assert (await api.get(f"{TASKS}/{task.id}")).json()["status"] == "paused"
