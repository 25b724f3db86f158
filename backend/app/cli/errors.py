"""What can be wrong before a service is asked, and how any error becomes one sentence."""

import errno
from typing import Any

from app.cli.exit_codes import EXIT_CODES, exit_code_of
from app.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Unavailable

__all__ = [
    "EXIT_CODES",
    "AmbiguousId",
    "GoalOrResume",
    "OptionInvalid",
    "OutputBlocked",
    "PathDenied",
    "PathMissing",
    "PathUnusable",
    "PlanMissing",
    "PortTaken",
    "SettingInvalid",
    "UnknownId",
    "known_error",
    "problem_document",
]


class GoalOrResume(Invalid):
    """`run` needs either a goal or a task to resume, not both and not none."""

    code = "goal_or_resume"


class OptionInvalid(Invalid):
    """An option of the command line has a value that cannot be used."""

    code = "option_invalid"


class SettingInvalid(Invalid):
    """A setting in the environment or in `.env` has a value that cannot be used."""

    code = "setting_invalid"


class PathMissing(NotFound):
    """There is nothing at a path that was given."""

    code = "path_missing"


class PathUnusable(Invalid):
    """What stands at a path is not of the kind that is needed."""

    code = "path_unusable"


class PathDenied(Forbidden):
    """A path may not be read or written by this user."""

    code = "path_denied"


class OutputBlocked(Invalid):
    """A folder for finished files cannot be made where it is wanted."""

    code = "output_blocked"


class UnknownId(NotFound):
    """No thing has an id that begins like this."""

    code = "id_unknown"


class AmbiguousId(Invalid):
    """More than one thing has an id that begins like this."""

    code = "id_ambiguous"


class PlanMissing(Conflict):
    """A task never got a plan, so there is nothing to run."""

    code = "plan_missing"


class PortTaken(Conflict):
    """Another program listens on the address."""

    code = "port_taken"


class StorageFull(Unavailable):
    """Output cannot be written, mostly because a disk is full."""

    code = "output_unwritable"


def known_error(error: BaseException) -> AppError | None:
    """Return the error for users behind `error`: itself, one of a group's, an outage by name."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, BaseExceptionGroup):
        known = (known_error(inner) for inner in error.exceptions)
        return next((found for found in known if found is not None), None)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
        where = f" of {error.filename}" if error.filename else ""
        return StorageFull(f"The disk{where} cannot take more; free space and try again.")
    return _outage(error)


def _outage(error: BaseException) -> AppError | None:
    if not type(error).__module__.startswith(("sqlalchemy", "psycopg")):
        return None
    from app.core.database import as_unavailable  # noqa: PLC0415 - loads the driver

    found = as_unavailable(error) if isinstance(error, Exception) else error
    return found if isinstance(found, AppError) else None


def problem_document(error: AppError) -> dict[str, Any]:
    """Return an error as `--json` prints it."""
    return {
        "code": error.code,
        "message": error.message,
        "exit_code": exit_code_of(error),
        "facts": error.facts,
    }
