"""What happened to a task, in order: as a live stream, or as pages."""

from typing import Annotated, Any

from fastapi import Header, Query, Response

from app.agents.transitions import ENDED_TASKS
from app.api.deps import CurrentUser, RuntimeDep, TaskId
from app.api.event_stream import stream_events
from app.api.problems import problems
from app.api.routing import identified_router
from app.engine import EventRead
from app.runtime import Runtime
from app.schemas.base import Frozen

router = identified_router("/tasks", tag="tasks")

MAX_SEQ = 2**63 - 1
STREAM, JSON = "text/event-stream", "application/json"
NOTHING_MORE = 204
STREAM_EXAMPLE = 'id: 2\nevent: step.started\ndata: {"seq":2,"kind":"step.started"}\n\n'
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of events, or the stream of them.",
        "content": {STREAM: {"schema": {"type": "string"}, "example": STREAM_EXAMPLE}},
    },
    NOTHING_MORE: {"description": "The task has ended and has no later event: do not reconnect."},
    **problems(404, 422),
}


class EventPage(Frozen):
    """Events in order; `next_after` gives the next page, null when there is none yet."""

    items: tuple[EventRead, ...]
    next_after: int | None = None


After = Annotated[
    int, Query(ge=0, le=MAX_SEQ, description="Only events with a number above this one.")
]
LastEventId = Annotated[
    int | None,
    Header(ge=0, le=MAX_SEQ, description="As `after`; sent by clients that reconnect."),
]
Accept = Annotated[str, Header(description=f"{JSON} for a page; else the stream.")]


@router.get("/{task_id}/events", response_model=EventPage, responses=RESPONSES)
async def follow_events(
    task_id: TaskId,
    user: CurrentUser,
    runtime: RuntimeDep,
    after: After = 0,
    last_event_id: LastEventId = None,
    accept: Accept = STREAM,
) -> Response | EventPage:
    """Follow a task: past events first, then live ones until it ends; or a page of past ones."""
    seen = after if last_event_id is None else last_event_id
    if JSON in accept and STREAM not in accept:
        await runtime.tasks.require(user.id, task_id)
        return await _page(runtime, task_id, seen)
    task = await runtime.tasks.get(user.id, task_id)
    is_over = task.status in ENDED_TASKS
    if is_over and not await runtime.feed.events_after(task_id, seen):
        return Response(status_code=NOTHING_MORE)
    return stream_events(runtime, task_id, after=seen)


async def _page(runtime: Runtime, task_id: str, seen: int) -> EventPage:
    events = tuple(await runtime.feed.events_after(task_id, seen))
    more = bool(events) and bool(await runtime.feed.events_after(task_id, events[-1].seq))
    return EventPage(items=events, next_after=events[-1].seq if more else None)
