"""Hand a task's files over: written to a folder, listed with their checks and sources."""

import asyncio
from pathlib import Path
from typing import Any

from app.cli.formatting import short_id
from app.cli.invocation import program
from app.cli.output_files import OutputFolder, WrittenFile, check_folder, default_folder
from app.cli.result_view import result_view
from app.cli.session import Session
from app.cli.terminal import Terminal
from app.core.errors import AppError, Unavailable
from app.schemas.task import TaskRead


class FilesNotWritten(Unavailable):
    """The task's files are kept, but could not be written to the folder asked for."""

    code = "files_not_written"


async def deliver(
    session: Session,
    terminal: Terminal,
    task: TaskRead,
    out_dir: Path | None,
    *,
    exit_code: int,
) -> None:
    """Write the files of a task and show the last word on it.

    Raises:
        FilesNotWritten: A file could not be written; the message says how to get it.
    """
    folder = out_dir or default_folder(task.title, task.id)
    try:
        written = await write_files(session, task, folder) if task.artifacts else []
    except FilesNotWritten:
        terminal.show(*result_view(task, terminal, None, (), out_dir))
        raise
    terminal.document(delivery_document(task, folder if written else None, written, exit_code))
    terminal.show(*result_view(task, terminal, folder, written, out_dir))


async def write_files(session: Session, task: TaskRead, folder: Path) -> list[WrittenFile]:
    """Write every file of the task.

    Raises:
        FilesNotWritten: A file could not be written.
    """
    out = OutputFolder(folder)
    written: list[WrittenFile] = []
    try:
        check_folder(folder)
        for artifact in task.artifacts:
            _, content = await session.runtime.tasks.artifact(
                session.user_id, task.id, artifact.name
            )
            written.append(await asyncio.to_thread(out.put, artifact.name, content))
    except AppError as error:
        again = f"{program()} task files {short_id(task.id)} --out FOLDER"
        raise FilesNotWritten(
            f"{error.message} {len(written)} of {len(task.artifacts)} files were written; all are "
            f"kept, and `{again}` writes them elsewhere.",
            task_id=task.id,
            task_status=task.status,
        ) from error
    return written


def delivery_document(
    task: TaskRead, folder: Path | None, written: list[WrittenFile], exit_code: int
) -> dict[str, Any]:
    """Return a finished run as `--json` prints it."""
    return {
        "task": task.model_dump(mode="json"),
        "out_dir": None if folder is None else str(folder.absolute()),
        "files": [{"name": file.name, "path": str(file.path.absolute())} for file in written],
        "exit_code": exit_code,
    }
