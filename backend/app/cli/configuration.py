"""Settings for a command, and where its log goes: to a file, so that nothing disturbs the view."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from app.cli.errors import SettingInvalid
from app.core.config import Settings, get_settings
from app.core.logging import configure_logging

LOG_BYTES = 2_000_000
LOG_FILES = 3


def load_settings() -> Settings:
    """Return the settings.

    Raises:
        SettingInvalid: One of them has a value that cannot be used; the message names it.
    """
    try:
        return get_settings()
    except ValidationError as error:
        raise _refusal(error) from error
    except SettingsError as error:
        raise SettingInvalid(f"A setting cannot be read: {error}.") from error


def _refusal(error: ValidationError) -> SettingInvalid:
    first = error.errors(include_url=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ").rstrip(".")
    if not first["loc"]:
        return SettingInvalid(f"The settings do not fit together: {reason}.")
    name = "MADANG_" + "__".join(str(part) for part in first["loc"]).upper()
    return SettingInvalid(f"The setting {name} cannot be used: {reason}.", setting=name)


def log_path(settings: Settings) -> Path:
    """Return the file that commands log to."""
    return settings.data_path / "logs" / "madang.log"


def log_to_file(settings: Settings) -> None:
    """Send every log record to the log file, warnings and worse unless a level is set."""
    level = settings.log_level if "log_level" in settings.model_fields_set else "WARNING"
    configure_logging(level, "json")
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    formatter = root.handlers[0].formatter
    handler = _open_log(log_path(settings))
    handler.setFormatter(formatter)
    root.handlers[:] = [handler]


def log_to_terminal(settings: Settings) -> None:
    """Send every log record to standard error in the form of the settings."""
    configure_logging(settings.log_level, settings.log_format)


def _open_log(path: Path) -> logging.Handler:
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        return RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
        )
    except OSError:
        # The command itself will say what is wrong with the data folder.
        return logging.NullHandler()
