"""`madang worker`: a process that only takes steps; any number of them, on any machine."""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from app.cli.edge import perform_blocking
from app.cli.exit_codes import SUCCESS

if TYPE_CHECKING:
    from app.cli.terminal import Terminal
    from app.core.config import Settings


def worker() -> int:
    """Work on tasks until stopped; SIGTERM hands running steps back."""

    def work(terminal: "Terminal", settings: "Settings") -> int:
        run_worker: Callable[[Settings], None] = resolve_name("app.worker:run_worker")
        terminal.tell("working")
        run_worker(settings)
        return SUCCESS

    return perform_blocking(work)
