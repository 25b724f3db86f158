"""Durable execution: the DAG lives in rows, the ledger is the journal."""

from app.engine.errors import Stale, StepChanged
from app.engine.execution import DurableExecution
from app.engine.feed import EventFeed, EventRead
from app.engine.ledger import DatabaseLedger, StepHold
from app.engine.moves import Moves
from app.engine.procrastinate_queue import ProcrastinateQueue
from app.engine.queue import JobQueue
from app.engine.results_store import load_tasks
from app.engine.runner import LibraryLoader, StepRunner, Workshop
from app.engine.store import TaskStore
from app.engine.worker import Worker

__all__ = [
    "DatabaseLedger",
    "DurableExecution",
    "EventFeed",
    "EventRead",
    "JobQueue",
    "LibraryLoader",
    "Moves",
    "ProcrastinateQueue",
    "Stale",
    "StepChanged",
    "StepHold",
    "StepRunner",
    "TaskStore",
    "Worker",
    "Workshop",
    "load_tasks",
]
