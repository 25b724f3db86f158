"""The edge of every command: the event loop, signals, and any error as one sentence and a code."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.cli.errors import known_error, problem_document
from app.cli.exit_codes import INTERRUPTED, READER_GONE, UNEXPECTED, exit_code_of
from app.cli.interruption import Interruption
from app.cli.messages import Language
from app.core import loop
from app.core.errors import AppError

if TYPE_CHECKING:
    from app.cli.terminal import Terminal
    from app.core.config import Settings

log = logging.getLogger(__name__)

BlockingAction = Callable[["Terminal", "Settings"], int]
Action = Callable[["Terminal", "Settings", Interruption], Awaitable[int]]


def perform(action: Action, *, as_json: bool, language: Language | None = None) -> int:
    """Run a command's action and return its exit code. No error passes as a traceback."""
    terminal = _open_terminal(language, as_json=as_json)
    try:
        from app.cli.configuration import load_settings, log_to_file  # noqa: PLC0415 - slow to load

        settings = load_settings()
        log_to_file(settings)
        return loop.run(_watched(action, terminal, settings))
    except BrokenPipeError:
        return reader_gone()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a process edge: nothing may reach the user raw
        return report(error, terminal)


def perform_blocking(action: BlockingAction) -> int:
    """Run the action of a command that serves for long and logs as the settings say."""
    terminal = _open_terminal(None, as_json=False)
    try:
        from app.cli.configuration import load_settings, log_to_terminal  # noqa: PLC0415 - as above

        settings = load_settings()
        log_to_terminal(settings)
        return action(terminal, settings)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a process edge: nothing may reach the user raw
        return report(error, terminal)


def report(error: Exception, terminal: "Terminal") -> int:
    """Tell the user of an error and return the exit code."""
    known = known_error(error)
    if known is None:
        return _report_defect(error, terminal)
    terminal.document(problem_document(known))
    terminal.fail(known.message)
    return exit_code_of(known)


async def _watched(action: Action, terminal: "Terminal", settings: "Settings") -> int:
    with Interruption() as interruption:
        try:
            return await action(terminal, settings, interruption)
        except asyncio.CancelledError:
            if not interruption.accept():
                raise
            terminal.tell("stopped")
            return interruption.exit_code


def _open_terminal(language: Language | None, *, as_json: bool) -> "Terminal":
    # Both load slowly, and --help needs neither.
    from app.cli.output_language import LocaleVariables, output_language  # noqa: PLC0415 - above
    from app.cli.terminal import Terminal  # noqa: PLC0415 - above

    return Terminal(as_json=as_json, language=output_language(language, LocaleVariables()))


def _report_defect(error: Exception, terminal: "Terminal") -> int:
    from app.cli.configuration import load_settings, log_path  # noqa: PLC0415 - slow to load

    log.error("command_crashed", exc_info=error)
    where = str(log_path(load_settings()))
    sentence = terminal.words("internal", kind=_kind(error), log=where)
    terminal.document(
        {"code": AppError.code, "message": sentence, "exit_code": UNEXPECTED, "log": where}
    )
    terminal.fail(sentence)
    return UNEXPECTED


def reader_gone() -> int:
    """Return the exit code for output that nobody reads any more, as with `head`."""
    # The flush at the exit of the process must not complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _kind(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
