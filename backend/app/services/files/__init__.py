"""Users' files: taking them in, listing them, searching in them, giving them to tasks."""

from app.services.files.errors import FileMissing, TooManyFiles
from app.services.files.libraries import FileLibraries
from app.services.files.reading import FileReader
from app.services.files.repository import FileRepository, PassageHit
from app.services.files.service import FileService, Upload

__all__ = [
    "FileLibraries",
    "FileMissing",
    "FileReader",
    "FileRepository",
    "FileService",
    "PassageHit",
    "TooManyFiles",
    "Upload",
]
