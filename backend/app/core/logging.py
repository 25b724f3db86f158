"""Structured logs: one event a line, with request and task ids, never with a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Literal

import structlog
from structlog.typing import WrappedLogger

SECRET_NAME = re.compile(
    r"(?i)password|secret|token(?!s)|authorization|api[_-]?key|cookie|credential"
)
SECRET_VALUE = re.compile(
    r"(?i)(bearer\s+)[^\s,;'\"]+"
    r"|(://[^/\s:@]+:)[^\s@/]+(?=@)"
    r"|\b(?:sk|md_live|xox[bap])[-_][A-Za-z0-9_-]{8,}"
)
MASK = "***"


def mask_secrets(
    _logger: WrappedLogger, _name: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Replace secret values, by the name of their field or by their look."""
    for name, value in event.items():
        if SECRET_NAME.search(name):
            event[name] = MASK
        elif isinstance(value, str):
            event[name] = SECRET_VALUE.sub(lambda m: (m[1] or m[2] or "") + MASK, value)
    return event


def configure_logging(
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"], form: Literal["console", "json"]
) -> None:
    """Send our logs and the libraries' to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_secrets,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("procrastinate", "httpx", "httpcore", "openai", "fontTools", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
