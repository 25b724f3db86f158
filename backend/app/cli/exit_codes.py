"""What the command line ends with: one number for each category of error and each kind of end."""

from app.core.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    Limited,
    NotFound,
    Unauthenticated,
    Unavailable,
)

EXIT_CODES: dict[type[AppError], int] = {
    Invalid: 2,
    Unauthenticated: 3,
    Forbidden: 3,
    NotFound: 4,
    Conflict: 5,
    Limited: 6,
    Unavailable: 7,
}
SUCCESS = 0
UNEXPECTED = 1
USAGE = 2
NOT_READY = 7
UNWRITABLE = 7
PARTIAL = 8
FAILED = 9
SIGNAL_BASE = 128
INTERRUPTED = 130
READER_GONE = 141

# A task that stands paused stopped at its cap; who pauses it by hand ends with INTERRUPTED.
STATUS_EXIT_CODES: dict[str, int] = {
    "done": SUCCESS,
    "planned": SUCCESS,
    "partial": PARTIAL,
    "failed": FAILED,
    "paused": EXIT_CODES[Limited],
    "cancelled": INTERRUPTED,
}


def exit_code_of(error: AppError) -> int:
    """Return the exit code of an error's category."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)
