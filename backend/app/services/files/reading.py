"""Read files in processes of their own: a parser that hangs or swells on a hostile file is killed,
and neither the event loop nor the server's memory pays for it.
"""

from app.core.config import FileSettings
from app.core.processes import ProcessDied, WorkProcesses
from app.schemas.source import Extract
from app.services.files.errors import FileReadFailed, FileReadTimeout
from app.sources import FileLimits, read_isolated

PROCESSES = 2


class FileReader:
    """Reads files, each in a process; a file's time counts from when one was free."""

    def __init__(self, settings: FileSettings) -> None:
        self._timeout_s = settings.read_timeout_s
        self._limits = FileLimits.from_settings(settings)
        self._processes = WorkProcesses(PROCESSES)
        self.last_used_s = self._processes.last_used_s
        self.release = self._processes.release
        self.close = self._processes.close

    async def read(self, content: bytes, *, file_id: str, file_name: str) -> Extract:
        """Read one file.

        Raises:
            FileRefused: The file cannot be used; the message says why and how to go on.
            FileReadTimeout: Reading took too long.
            FileReadFailed: The process died of it.
        """
        try:
            return await self._processes.call(
                read_isolated,
                content,
                file_id,
                file_name,
                self._limits,
                timeout_s=self._timeout_s,
            )
        except TimeoutError as error:
            raise FileReadTimeout(
                f"{file_name} could not be read within {self._timeout_s:.0f} s; split it or save "
                "it in another format."
            ) from error
        except ProcessDied as error:
            raise FileReadFailed(
                f"Reading {file_name} broke off; try again, and if it happens again save the file "
                "in another format."
            ) from error
