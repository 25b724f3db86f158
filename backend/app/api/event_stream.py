"""A task's events as server-sent events.

The rows are read by a task of the runtime's, not by the response's own: an aborted response is
cancelled again and again until it ends, and would tear a query out of its connection.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.core.errors import AppError
from app.core.logging import get_logger
from app.engine import EventRead
from app.runtime import Runtime

PING_S = 15
BUFFERED = 100
SHUTDOWN_GRACE_S = 2
RECONNECT_MS = 2000
# After these nothing comes unless the task is resumed; a pause keeps the stream open.
END_KINDS = frozenset({"task.ended", "task.cancelled"})

log = get_logger(__name__)
Feed = asyncio.Queue[EventRead | None]


def stream_events(runtime: Runtime, task_id: str, *, after: int) -> EventSourceResponse:
    """Return the response that sends the task's events after number `after`, then live ones.

    It ends when the task has ended, and when the database goes away: the client comes back with
    the number of the last event that it saw.
    """
    shutdown = anyio.Event()
    return EventSourceResponse(
        _messages(runtime, task_id, after, shutdown),
        ping=PING_S,
        ping_message_factory=lambda: ServerSentEvent(comment="ping", sep="\n"),
        sep="\n",
        headers={"Cache-Control": "no-store"},
        shutdown_event=shutdown,
        shutdown_grace_period=SHUTDOWN_GRACE_S,
    )


async def _messages(
    runtime: Runtime, task_id: str, after: int, shutdown: anyio.Event
) -> AsyncGenerator[ServerSentEvent]:
    feed: Feed = asyncio.Queue(BUFFERED)
    reading = runtime.supervise(_read(runtime, task_id, after, feed), name="event stream")
    ending = runtime.supervise(_end(feed, shutdown), name="event stream end")
    try:
        yield ServerSentEvent(retry=RECONNECT_MS, sep="\n")
        while (event := await feed.get()) is not None:
            yield _message(event)
    finally:
        reading.cancel()
        ending.cancel()


async def _end(feed: Feed, shutdown: anyio.Event) -> None:
    # The stream of a server that shuts down ends in good order, instead of breaking off.
    await shutdown.wait()
    await feed.put(None)


async def _read(runtime: Runtime, task_id: str, after: int, feed: Feed) -> None:
    # Ends of itself whatever happens: a failure here must not end the runtime's other work.
    try:
        async with aclosing(runtime.feed.follow(task_id, after=after)) as events:
            async for event in events:
                await feed.put(event)
                if event.kind in END_KINDS and not await _goes_on(runtime, task_id, event.seq):
                    break
    except AppError as error:
        log.warning("event_stream_ends", task_id=task_id, reason=error.code)
    except Exception:
        log.exception("event_stream_crashed", task_id=task_id)
    await feed.put(None)


async def _goes_on(runtime: Runtime, task_id: str, seq: int) -> bool:
    """Whether the task was resumed after this end."""
    return bool(await runtime.feed.events_after(task_id, seq))


def _message(event: EventRead) -> ServerSentEvent:
    return ServerSentEvent(
        id=str(event.seq), event=event.kind, data=event.model_dump_json(), sep="\n"
    )
