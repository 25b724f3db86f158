"""The worker process: takes steps of all tasks until it is asked to stop."""

import asyncio
import signal
import sys

from app.core import loop
from app.core.config import Settings, get_settings
from app.core.errors import AppError
from app.core.logging import configure_logging, get_logger
from app.runtime import open_runtime

NOT_STARTED = 7
log = get_logger(__name__)


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then hand running steps back and return.

    Raises:
        DatabaseUnavailable: The database cannot be started, reached or brought up to date.
    """
    loop.run(_work(settings))


def main() -> int:
    """Run the worker with the settings of this process; return its exit code."""
    settings = get_settings()
    configure_logging(settings.log_level, settings.log_format)
    try:
        run_worker(settings)
    except AppError as error:
        log.error("worker_not_started", code=error.code, reason=error.message)  # noqa: TRY400 - the sentence says it all
        return NOT_STARTED
    return 0


async def _work(settings: Settings) -> None:
    stop = _stop_on_signal()
    async with open_runtime(settings) as runtime:
        worker = runtime.start_worker()
        log.info("worker_started", concurrency=settings.engine.concurrency)
        asked = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({asked, worker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
        log.info("worker_stops")


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def ask() -> None:
        # A second signal finds the default again and ends the process at once.
        for number in signals:
            running.remove_signal_handler(number)
        stop.set()

    for number in signals:
        running.add_signal_handler(number, ask)
    return stop


if __name__ == "__main__":
    sys.exit(main())
