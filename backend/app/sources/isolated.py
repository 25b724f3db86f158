"""What runs inside a reading process: little to import, and running out of memory is no crash."""

from app.schemas.source import Extract
from app.sources.errors import FileUnreadable
from app.sources.limits import FileLimits
from app.sources.read import read_file


def read_isolated(content: bytes, file_id: str, file_name: str, limits: FileLimits) -> Extract:
    """Read a file; raise `FileUnreadable` also where the memory of the process is too small."""
    try:
        return read_file(content, file_id=file_id, file_name=file_name, limits=limits)
    except MemoryError as error:
        raise FileUnreadable(
            f"{file_name} needs more memory to read than is allowed; split it and try again.",
            file_name=file_name,
        ) from error
