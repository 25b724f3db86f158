"""What happened to a task, in order. An event commits with the change that it tells of."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.engine.statements import EVENTS_CHANNEL

# One round trip: number the event, write it, wake the followers on commit.
RECORD = text("""
WITH numbered AS (
    UPDATE tasks SET event_seq = event_seq + 1 WHERE id = :task_id RETURNING event_seq
), written AS (
    INSERT INTO task_events (task_id, seq, kind, step_key, payload)
    SELECT :task_id, event_seq, :kind, :step_key, CAST(:payload AS jsonb) FROM numbered
)
SELECT pg_notify(:channel, CAST(:task_id AS text)) FROM numbered
""")


async def record(
    session: AsyncSession,
    task_id: str,
    kind: str,
    *,
    step_key: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Append an event and wake whoever follows the task."""
    await session.execute(
        RECORD,
        {
            "task_id": task_id,
            "kind": kind,
            "step_key": step_key,
            "payload": orjson.dumps(dict(payload or {})).decode(),
            "channel": EVENTS_CHANNEL,
        },
    )
