"""A task's events over HTTP: as pages, and as a live stream from a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
import pytest
from httpx import AsyncClient, Response

from app.agents.transitions import TaskStatus
from app.core.config import Settings
from app.core.database import Database
from app.core.ids import new_id
from tests.factories.database_server import outage
from tests.factories.serving import served_at
from tests.factories.tasks import add_event, make_task
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

TASKS = "/api/v1/tasks"
JSON = {"Accept": "application/json"}
THREE = ("task.created", "task.planned", "task.started")


@dataclass(frozen=True)
class Sent:
    """One event as it came over the wire."""

    id: int
    kind: str
    data: dict[str, object]


@pytest.fixture
async def stream_api(served: str, mina: KeyHolder) -> AsyncIterator[AsyncClient]:
    """Return Mina's client of a real server."""
    async with AsyncClient(base_url=served, headers=mina.headers, timeout=20) as opened:
        yield opened


@asynccontextmanager
async def following(
    api: AsyncClient, task_id: str, **headers: str
) -> AsyncIterator[AsyncIterator[Sent]]:
    """Open a task's stream and yield its events."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with api.stream("GET", f"/api/v1/tasks/{task_id}/events", headers=sent) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        yield read_events(answer)


async def read_events(answer: Response) -> AsyncIterator[Sent]:
    """Yield the events of a stream as the HTML standard reads them."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Sent(int(fields["id"]), fields["event"], orjson.loads(fields["data"]))
            fields = {}


class TestListEvents:
    async def test_anonymous(self, client: AsyncClient) -> None:
        answer = await client.get(f"{TASKS}/{new_id()}/events", headers=JSON)
        problem(answer, 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        task = await make_task(database, other.user.id)
        problem(await api.get(f"{TASKS}/{task.id}/events", headers=JSON), 404, "task_missing")

    async def test_of_a_task_that_is_no_id(self, api: AsyncClient) -> None:
        problem(await api.get(f"{TASKS}/7/events", headers=JSON), 404, "task_missing")

    async def test_gives_a_page(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, events=THREE)
        page = (await api.get(f"{TASKS}/{task.id}/events", headers=JSON)).json()
        assert [(e["seq"], e["kind"]) for e in page["items"]] == list(enumerate(THREE, start=1))
        assert page["next_after"] is None

    async def test_begins_after_a_number(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, events=THREE)
        url = f"{TASKS}/{task.id}/events"
        page = (await api.get(url, params={"after": 2}, headers=JSON)).json()
        assert [e["seq"] for e in page["items"]] == [3]

    async def test_pages_through_many(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, events=["step.progress"] * 450)
        url, seen, after = f"{TASKS}/{task.id}/events", [], 0
        while True:
            page = (await api.get(url, params={"after": after}, headers=JSON)).json()
            seen += [e["seq"] for e in page["items"]]
            if page["next_after"] is None:
                break
            after = page["next_after"]
        assert seen == list(range(1, 451))

    @pytest.mark.parametrize("after", ["-1", "x", str(2**63), "9" * 5000, "1.5"])
    async def test_after_what_is_no_number(
        self, api: AsyncClient, database: Database, mina: KeyHolder, after: str
    ) -> None:
        task = await make_task(database, mina.user.id)
        url = f"{TASKS}/{task.id}/events"
        answer = await api.get(url, params={"after": after}, headers=JSON)
        assert pointers(problem(answer, 422, "request_invalid")) == ["query:/after"]

    async def test_a_last_event_id_that_is_none(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id)
        answer = await api.get(f"{TASKS}/{task.id}/events", headers={"Last-Event-ID": "x"})
        assert pointers(problem(answer, 422, "request_invalid")) == ["header:/last-event-id"]


class TestFollowEvents:
    async def test_anonymous(self, served: str) -> None:
        async with AsyncClient(base_url=served) as client:
            problem(await client.get(f"{TASKS}/{new_id()}/events"), 401, "key_refused")

    async def test_of_another_user(
        self, stream_api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        task = await make_task(database, other.user.id)
        problem(await stream_api.get(f"{TASKS}/{task.id}/events"), 404, "task_missing")

    async def test_replays_then_goes_on_live_and_ends_with_the_task(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, events=THREE)
        async with following(stream_api, task.id) as events:
            past = [await anext(events) for _ in THREE]
            assert [(e.id, e.kind) for e in past] == list(enumerate(THREE, start=1))
            assert past[0].data["payload"] == {"of": "Brief the board"}
            await add_event(database, task.id, "task.paused", status=TaskStatus.PAUSED)
            assert (await anext(events)).kind == "task.paused"
            await add_event(database, task.id, "task.ended", status=TaskStatus.DONE)
            assert [e.kind async for e in events] == ["task.ended"]

    async def test_replays_after_the_last_event_id(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(
            database, mina.user.id, status=TaskStatus.DONE, events=(*THREE, "task.ended")
        )
        async with following(stream_api, task.id, Last_Event_ID="2") as events:
            assert [(e.id, e.kind) async for e in events] == [
                (3, "task.started"),
                (4, "task.ended"),
            ]

    async def test_the_header_goes_before_the_query(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(
            database, mina.user.id, status=TaskStatus.DONE, events=(*THREE, "task.ended")
        )
        url = f"{TASKS}/{task.id}/events?after=1"
        async with stream_api.stream("GET", url, headers={"Last-Event-ID": "3"}) as answer:
            assert [e.id async for e in read_events(answer)] == [4]

    async def test_a_client_that_has_seen_the_end_is_told_to_stay_away(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(
            database, mina.user.id, status=TaskStatus.CANCELLED, events=("task.cancelled",)
        )
        url = f"{TASKS}/{task.id}/events"
        answer = await stream_api.get(url, headers={"Last-Event-ID": "1"})
        assert (answer.status_code, answer.content) == (204, b"")

    async def test_goes_on_over_an_end_that_was_resumed(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        kinds = ("task.ended", "task.resumed", "task.ended")
        task = await make_task(database, mina.user.id, status=TaskStatus.DONE, events=kinds)
        async with following(stream_api, task.id) as events:
            assert [e.kind async for e in events] == list(kinds)

    async def test_two_followers_see_the_same(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id)

        async def follow() -> list[int]:
            async with following(stream_api, task.id) as events:
                return [event.id async for event in events]

        async with asyncio.TaskGroup() as group:
            followers = [group.create_task(follow()) for _ in range(2)]
            for _ in range(20):
                await add_event(database, task.id, "step.progress")
            await add_event(database, task.id, "task.ended", status=TaskStatus.DONE)
        assert [follower.result() for follower in followers] == [list(range(1, 23))] * 2

    async def test_a_client_that_leaves_is_forgotten(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id)
        for _ in range(10):
            async with following(stream_api, task.id) as events:
                await anext(events)
        streams = [t for t in asyncio.all_tasks() if t.get_name().startswith("event stream")]
        if streams:
            await asyncio.wait(streams, timeout=10)
        assert [task for task in streams if not task.done()] == []

    async def test_ends_in_good_order_when_the_server_stops(
        self, settings: Settings, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id)
        async with (
            served_at(settings) as server,
            AsyncClient(base_url=server.address, headers=mina.headers, timeout=20) as api,
            following(api, task.id) as events,
        ):
            await anext(events)
            server.stop()
            assert [event async for event in events] == []

    async def test_ends_when_the_database_goes_away_and_can_be_taken_up_again(
        self, stream_api: AsyncClient, database: Database, mina: KeyHolder, database_url: str
    ) -> None:
        task = await make_task(database, mina.user.id)
        async with following(stream_api, task.id) as events:
            last = await anext(events)
            with outage(database_url):
                assert [event async for event in events] == []
        await add_event(database, task.id, "task.ended", status=TaskStatus.DONE)
        async with following(stream_api, task.id, Last_Event_ID=str(last.id)) as events:
            assert [event.kind async for event in events] == ["task.ended"]
