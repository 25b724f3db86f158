"""Who plans a begun task anew: one at a time, with a sign of life in the task's row.

Its calls are entered in the ledger under a key of its own. When its process dies, whoever plans the
task anew from the same standing takes over its key, so recorded replies are not asked for again.
"""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.errors import ReplanOvertaken, ReplanUnderWay
from app.core.clock import utc_now
from app.core.ids import new_id
from app.engine.ledger import count_open_calls
from app.engine.store import SILENCE_S
from app.models import Task

KEY_PREFIX = "replan:"


def ledger_key(replan_id: str) -> str:
    """Return the key of its calls in the ledger; no step can have it."""
    return f"{KEY_PREFIX}{replan_id.replace('-', '')}"


def is_left(task: Task, silent_s: float = SILENCE_S) -> bool:
    """Whether the one who plans the task anew has been silent for longer than this."""
    if task.replan_id is None or task.replan_at is None:
        return False
    return task.replan_at < utc_now() - timedelta(seconds=silent_s)


async def take_replan(session: AsyncSession, task: Task, standing_hash: str) -> str:
    """Reserve a locked task for one who plans it anew; return the id of the undertaking.

    `standing_hash` names what it is planned from: what was left of the same undertaking goes on.

    Raises:
        ReplanUnderWay: Another one plans it.
    """
    if task.replan_id is not None and not is_left(task):
        raise ReplanUnderWay(
            "The task is being planned anew already; wait for that plan, then look at it."
        )
    left = task.replan_id
    if left is not None:
        await count_open_calls(session, task.id, ledger_key(left))
    is_same = left is not None and task.replan_of == standing_hash
    task.replan_id = left if is_same else new_id()
    task.replan_of, task.replan_at = standing_hash, utc_now()
    await session.flush()
    return str(task.replan_id)


def beat(task: Task, replan_id: str) -> None:
    """Give a sign of life for a locked task's undertaking; do nothing if it is over."""
    if task.replan_id == replan_id:
        task.replan_at = utc_now()


def require_replan(task: Task, replan_id: str) -> None:
    """Raise `ReplanOvertaken` unless the locked task is still planned anew by this undertaking."""
    if task.replan_id != replan_id:
        raise ReplanOvertaken(
            "The task was changed while its new plan was made, so that plan was not taken; look at "
            "the task, then plan it anew."
        )


async def drop_replan(session: AsyncSession, task: Task) -> None:
    """End the undertaking of a locked task; its open calls count at their worst until settled."""
    if task.replan_id is not None:
        await session.flush()
        await count_open_calls(session, task.id, ledger_key(task.replan_id))
        await session.refresh(task, ["reserved_usd", "spent_usd"])
        task.replan_id, task.replan_of, task.replan_at = None, None, None
        await session.flush()
