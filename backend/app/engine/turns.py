"""A worker's turn: in one transaction it hands in the steps that ended and takes the next ones.

All that ended while the last turn was under way goes into the next one, so the busier a worker is,
the fewer transactions a step costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import orjson
import psycopg

from app.agents.types import StepStatus
from app.engine import statements
from app.engine.connections import Connection, function_settings, install
from app.engine.queue import ClaimedStep, EndedStep, ParentStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many steps may run: more for this worker, of one user, of all."""

    free: int
    user: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a turn did: steps now done, tasks without a live step, steps taken.

    `was_barred`: steps could not be taken because other transactions were in the way for a moment.
    """

    done: frozenset[str]
    over: tuple[str, ...]
    claimed: tuple[ClaimedStep, ...]
    was_barred: bool


HAND_IN_ONLY = Limits(free=0, user=0, total=0)
NOTHING = Turn(done=frozenset(), over=(), claimed=(), was_barred=False)


class Turns:
    """The turns of one worker, on a connection of its own."""

    def __init__(self, connection: Connection, worker_id: str) -> None:
        self._connection = connection
        self._worker_id = worker_id

    @classmethod
    async def open(cls, url: str, worker_id: str) -> Self:
        """Connect; raises psycopg.Error when the server is away."""
        connection = await psycopg.AsyncConnection.connect(url, **function_settings("worker"))
        await install(connection, statements.TAKE_TURN)
        return cls(connection, worker_id)

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    async def take(self, ended: Sequence[EndedStep], limits: Limits) -> Turn:
        """Hand in `ended` and take at most `limits.free` steps; all of it or nothing."""
        found = await self._connection.execute(statements.CALL_TURN, self._values(ended, limits))
        row = await found.fetchone()
        if row is None:
            message = "a turn returned no row"
            raise psycopg.InternalError(message)
        done, over, wanted, is_open, claimed = row
        steps = tuple(_claimed(step) for step in claimed or ())
        return Turn(
            done=frozenset(done or ()),
            over=tuple(over or ()),
            claimed=steps,
            was_barred=is_open is False or (wanted or 0) > len(steps),
        )

    def _values(self, ended: Sequence[EndedStep], limits: Limits) -> dict[str, object]:
        files = _files(ended)
        return {
            "step_ids": [end.step.id for end in ended] or None,
            "attempts": [end.step.attempt for end in ended],
            "hashes": [end.result.sha256 for end in ended],
            "results": [end.result.text for end in ended],
            "summaries": [end.result.summary for end in ended],
            "names": [orjson.dumps([ref.name for ref, _ in end.files]).decode() for end in ended],
            "files": orjson.dumps(files).decode() if files else None,
            "task_ids": list({end.step.task_id for end in ended}),
            "worker": self._worker_id,
            "free": limits.free,
            "user_limit": limits.user,
            "total_limit": limits.total,
        }

    async def held(self) -> dict[str, int]:
        """Return the steps that this worker holds by the rows, with their attempts."""
        found = await self._connection.execute(statements.HELD, {"worker_id": self._worker_id})
        return {row[0]: row[1] for row in await found.fetchall()}


def _files(ended: Sequence[EndedStep]) -> list[dict[str, object]]:
    # By name: of two files of one name in one turn the later one stays.
    files = {
        (end.step.task_id, ref.name): {
            "step_id": end.step.id,
            "attempt": end.step.attempt,
            "name": ref.name,
            "media_type": ref.media_type,
            "sha256": ref.sha256,
            "size_bytes": ref.size_bytes,
            "report": ref.report.model_dump(mode="json"),
            "sources": [source.model_dump(mode="json") for source in sources],
        }
        for end in ended
        for ref, sources in end.files
    }
    return list(files.values())


def _claimed(step: list[Any]) -> ClaimedStep:
    step_id, task_id, plan_id, created_at, key, attempt, first_seq, parents = step
    return ClaimedStep(
        id=step_id,
        task_id=task_id,
        plan_id=plan_id,
        task_created_at=datetime.fromisoformat(created_at),
        key=key,
        attempt=attempt,
        first_seq=first_seq,
        parents=tuple(
            ParentStep(key=name, status=StepStatus(status), result_sha256=sha256, error=error)
            for name, status, sha256, error in parents
        ),
    )
