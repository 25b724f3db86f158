"""What `madang export` and `madang replay` do."""

import asyncio
import os
from pathlib import Path
from typing import IO, Any

from rich.table import Table
from rich.text import Text

from app.cli.edge import Action
from app.cli.errors import OutputBlocked, PathDenied, PathMissing, PathUnusable
from app.cli.exit_codes import EXIT_CODES, SUCCESS
from app.cli.file_actions import in_session
from app.cli.formatting import one_line, short_id, size_text
from app.cli.interruption import Interruption
from app.cli.output_files import OutputFolder, WrittenFile, check_folder, default_folder
from app.cli.session import Session
from app.cli.tables import listing
from app.cli.terminal import Terminal
from app.core.blobs import sha256_hex, write_atomically
from app.core.config import Settings
from app.core.errors import Conflict
from app.services.bundles import ExportedBundle, Replay, ReplayedFile, replay_bundle
from app.sources import sentence_embedder

DIFFERENT = EXIT_CODES[Conflict]


def export(given: str, out: Path | None) -> Action:
    """Write a task's bundle."""

    async def work(session: Session, terminal: Terminal) -> None:
        task_id = await session.task_id(given)
        with terminal.status("exporting"):
            bundle = await session.runtime.bundles.export(session.user_id, task_id)
        path = bundle_path(bundle, out)
        sha256 = await asyncio.to_thread(write_bundle, path, bundle.file)
        terminal.document(
            {
                "task_id": task_id,
                "bundle": str(path.absolute()),
                "size_bytes": bundle.size_bytes,
                "sha256": sha256,
            }
        )
        terminal.say("exported", path=str(path), size=size_text(bundle.size_bytes))
        terminal.command("replay", str(path))

    return in_session(work)


def bundle_path(bundle: ExportedBundle, out: Path | None) -> Path:
    """Return where the bundle goes: the file asked for, or one of its own name in that folder."""
    folder = default_folder(bundle.title, bundle.task_id)
    if out is None:
        return folder.with_name(f"{folder.name}.zip")
    return out / f"{folder.name}.zip" if out.is_dir() else out


def write_bundle(path: Path, file: IO[bytes]) -> str:
    """Write the bundle, close `file`, and return the SHA-256; call it in a thread.

    Raises:
        OutputBlocked: Something else stands there.
        PathDenied: The user may not write there.
    """
    with file:
        content = file.read()
    sha256 = sha256_hex(content)
    check_folder(path.parent)
    if os.path.lexists(path):
        if path.is_file() and sha256_hex(path.read_bytes()) == sha256:
            return sha256
        raise OutputBlocked(f"{path} is there already and is something else; give another --out.")
    write_atomically(path, content)
    return sha256


def replay(bundle: Path, out: Path | None) -> Action:
    """Replay a bundle; needs no database, no key and no network."""

    async def action(terminal: Terminal, _settings: Settings, _: Interruption) -> int:
        check_bundle(bundle)
        if out is not None:
            check_folder(out)
        with terminal.status("replaying"):
            done = await replay_bundle(bundle, sentence_embedder())
        written = await asyncio.to_thread(_write, done, out or replay_folder(done))
        exit_code = SUCCESS if done.is_equal else DIFFERENT
        terminal.document(_document(done, written, exit_code))
        _show(done, written, terminal)
        return exit_code

    return action


def replay_folder(done: Replay) -> Path:
    """Return the folder for a replay's files when none was asked for: not the original's."""
    folder = default_folder(done.title, done.task_id)
    return folder.with_name(f"{folder.name}-replay")


def check_bundle(path: Path) -> None:
    """Raise unless there is a file that may be read.

    Raises:
        PathMissing, PathUnusable, PathDenied: There is not.
    """
    if not os.path.lexists(path):
        raise PathMissing(f"There is no file {path}; give the bundle that `export` wrote.")
    if not path.is_file():
        raise PathUnusable(f"{path} is not a file; give the bundle that `export` wrote.")
    if not os.access(path, os.R_OK):
        raise PathDenied(f"{path} may not be read by you.")


def _write(done: Replay, out: Path) -> list[WrittenFile]:
    check_folder(out)
    folder = OutputFolder(out)
    return [folder.put(f.name, f.content) for f in done.files if f.content is not None]


def _document(done: Replay, written: list[WrittenFile], exit_code: int) -> dict[str, Any]:
    paths = {file.name: str(file.path.absolute()) for file in written}
    return {
        "task_id": done.task_id,
        "is_equal": done.is_equal,
        "files": [
            {
                "name": file.name,
                "is_equal": file.is_equal,
                "sha256": file.sha256,
                "expected_sha256": file.expected_sha256,
                "path": paths.get(file.name),
            }
            for file in done.files
        ],
        "replies": done.replies,
        "cost_usd": 0,
        "other_versions": list(done.other_versions),
        "exit_code": exit_code,
    }


def _show(done: Replay, written: list[WrittenFile], terminal: Terminal) -> None:
    terminal.show(Text(), Text(f"{one_line(done.title)}  {short_id(done.task_id)}", style="bold"))
    terminal.show(_table(done, terminal))
    terminal.say("replayed", replies=done.replies)
    if written:
        terminal.say("files_in", folder=str(written[0].path.parent))
    if not done.is_equal:
        terminal.say("replay_differs")
        if done.other_versions:
            terminal.say("replay_versions", versions=", ".join(done.other_versions))


def _table(done: Replay, terminal: Terminal) -> Table:
    table = listing()
    table.add_column(terminal.words("column_file"), overflow="fold")
    table.add_column(terminal.words("column_replay"))
    for file in done.files:
        table.add_row(one_line(file.name), _verdict(file, terminal))
    return table


def _verdict(file: ReplayedFile, terminal: Terminal) -> Text:
    if file.is_equal:
        return Text(f"✓ {terminal.words('replay_equal')}", style="green")
    if file.sha256 is None:
        return Text(f"✗ {terminal.words('replay_not_made')}", style="red")
    if file.expected_sha256 is None:
        return Text(f"✗ {terminal.words('replay_new')}", style="red")
    return Text(f"✗ {terminal.words('replay_different')}", style="red")
