"""The page of all error codes, from the tree of errors."""

import importlib
import pkgutil
from collections.abc import Iterator

import app
from app.api.errors import STATUS_BY_CATEGORY, STATUS_BY_CODE
from app.cli.exit_codes import EXIT_CODES
from app.core.errors import AppError
from tools.reference.markdown import first_sentence, page, table


def import_all_modules() -> None:
    """Import every module of the application, so that each error class exists."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def descendants(kind: type[AppError]) -> Iterator[type[AppError]]:
    """Yield all subclasses of the application, at any depth."""
    for child in kind.__subclasses__():
        if child.__module__.startswith("app."):
            yield child
        yield from descendants(child)


def error_classes() -> list[type[AppError]]:
    """Return every error class, by code."""
    import_all_modules()
    return sorted(set(descendants(AppError)), key=lambda kind: kind.code)


def category_of(kind: type[AppError]) -> type[AppError]:
    """Return the category an error belongs to: the direct child of `AppError` above it."""
    return next(base for base in kind.__mro__ if AppError in base.__bases__)


def status_of(kind: type[AppError]) -> int:
    """Return the HTTP status of an error."""
    return STATUS_BY_CODE.get(kind.code, STATUS_BY_CATEGORY[category_of(kind)])


def render() -> str:
    """Return the whole page."""
    categories = [
        (kind.__name__, str(status), str(EXIT_CODES[kind]), first_sentence(kind.__doc__))
        for kind, status in STATUS_BY_CATEGORY.items()
    ]
    rows = [
        (
            f"`{kind.code}`",
            category_of(kind).__name__,
            str(status_of(kind)),
            first_sentence(kind.__doc__),
        )
        for kind in error_classes()
    ]
    return page(
        "Errors",
        "Every error has a stable code and one sentence that says what happened and how to go on. "
        "The API answers `application/problem+json` (RFC 9457) with the code in `code`; the "
        "command line prints the sentence and ends with the category's exit code, so that scripts "
        "can tell the categories apart. What was not foreseen is `internal_error` (500, exit code "
        "1); the log has the details.",
        "## Categories\n\n"
        + table(("Category", "HTTP status", "Exit code", "Meaning"), categories),
        "## Codes\n\n" + table(("Code", "Category", "HTTP status", "Meaning"), rows),
    )
