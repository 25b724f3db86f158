"""Durable execution: the DAG lives in rows, the ledger is the journal."""

from app.engine.bell import Bell
from app.engine.desk import LedgerDesk
from app.engine.errors import Stale, StepChanged
from app.engine.execution import DurableExecution
from app.engine.feed import EventFeed, EventRead
from app.engine.ledger import DatabaseLedger, StepHold
from app.engine.moves import Moves
from app.engine.results_store import ResultStore
from app.engine.runner import LibraryLoader, StepRunner, Workshop
from app.engine.store import TaskStore
from app.engine.worker import Worker

__all__ = [
    "Bell",
    "DatabaseLedger",
    "DurableExecution",
    "EventFeed",
    "EventRead",
    "LedgerDesk",
    "LibraryLoader",
    "Moves",
    "ResultStore",
    "Stale",
    "StepChanged",
    "StepHold",
    "StepRunner",
    "TaskStore",
    "Worker",
    "Workshop",
]
