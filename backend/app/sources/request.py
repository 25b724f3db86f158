"""One order to read a file, and the words with which it is refused or remarked on."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from app.schemas.source import Language
from app.sources.errors import FileRefused, FileUnreadable
from app.sources.limits import FileLimits
from app.sources.messages import message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """The content of one file, its name, and what reading it may cost."""

    content: bytes
    file_id: str
    file_name: str
    limits: FileLimits
    language: Language

    def open(self) -> BinaryIO:
        """Return the content as a stream."""
        return io.BytesIO(self.content)

    def say(self, key: str, /, **facts: str | int) -> str:
        """Return a message about this file."""
        return message(key, self.language, **({"name": self.file_name} | facts))

    def refusal(self, error: type[FileRefused], key: str, /, **facts: str | int) -> FileRefused:
        """Return the error that refuses this file."""
        return error(self.say(key, **facts), file_name=self.file_name)

    def damaged(self) -> FileRefused:
        """Return the error for a file that its reader cannot open."""
        return self.refusal(FileUnreadable, "unreadable")
