"""What one file may cost."""

from dataclasses import dataclass

from app.core.config import FileSettings

_DEFAULTS = FileSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Bounds on one file; the defaults are those of the settings."""

    max_size_bytes: int = _DEFAULTS.max_size_bytes
    max_unpacked_bytes: int = _DEFAULTS.max_unpacked_bytes
    max_pages: int = _DEFAULTS.max_pages
    max_members: int = 10_000
    max_table_rows: int = 200_000
    max_table_columns: int = 200
    max_passage_rows: int = 400
    max_passages: int = 20_000

    @classmethod
    def from_settings(cls, settings: FileSettings) -> "FileLimits":
        """Take the bounds that the settings name."""
        return cls(
            max_size_bytes=settings.max_size_bytes,
            max_unpacked_bytes=settings.max_unpacked_bytes,
            max_pages=settings.max_pages,
        )
