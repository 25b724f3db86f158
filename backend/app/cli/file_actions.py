"""What the commands of `madang files` do."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.exit_codes import SUCCESS
from app.cli.formatting import one_line, short_id, size_text, time_text
from app.cli.input_files import check_paths, read_uploads
from app.cli.interruption import Interruption
from app.cli.session import Session, open_session
from app.cli.tables import listing
from app.cli.terminal import Terminal
from app.core.config import Settings
from app.models import File
from app.schemas.file import FileList, FileRead, PassageList, PassageRead
from app.schemas.locator import shown_locator
from app.services.files import PassageHit

SNIPPET_LENGTH = 240
MAX_QUERY_LENGTH = 500


def in_session(work: Callable[[Session, Terminal], Awaitable[None]]) -> Action:
    """Return an action that opens a session for `work` and succeeds when it returns."""

    async def action(terminal: Terminal, settings: Settings, _: Interruption) -> int:
        async with open_session(settings) as session:
            await work(session, terminal)
        return SUCCESS

    return action


def add(paths: Sequence[Path]) -> Action:
    """Take files in."""

    async def action(terminal: Terminal, settings: Settings, interruption: Interruption) -> int:
        checked = check_paths(paths, settings.files)
        interruption.protect_children()
        async with open_session(settings) as session:
            uploads = await asyncio.to_thread(read_uploads, checked)
            added = await session.runtime.files.add_all(session.user_id, uploads)
        terminal.document(file_documents(added))
        terminal.show(file_table(added, terminal))
        for file in added:
            for notice in file.notices:
                terminal.show(Text(f"  ! {file.name}: {one_line(str(notice))}", style="yellow"))
        return SUCCESS

    return action


def list_all(limit: int) -> Action:
    """List files."""

    async def work(session: Session, terminal: Terminal) -> None:
        page = await session.runtime.files.page(session.user_id, limit=limit)
        terminal.document(file_documents(page))
        if page:
            terminal.show(file_table(page, terminal))
            return
        terminal.say("no_files")
        terminal.command("files", "add", "FILE")

    return in_session(work)


def search(query: str, limit: int) -> Action:
    """Search in files."""

    async def work(session: Session, terminal: Terminal) -> None:
        words = checked_query(query)
        hits = await session.runtime.files.search(session.user_id, words, limit=limit)
        found = tuple(PassageRead.model_validate(hit, from_attributes=True) for hit in hits)
        terminal.document(PassageList(items=found).model_dump(mode="json"))
        if not hits:
            terminal.say("no_hits")
        for hit in hits:
            _show_hit(hit, terminal)

    return in_session(work)


def remove(given: str) -> Action:
    """Remove a file."""

    async def work(session: Session, terminal: Terminal) -> None:
        file_id = await session.file_id(given)
        [file] = await session.runtime.files.find_many(session.user_id, [file_id])
        await session.runtime.files.delete(session.user_id, file_id)
        terminal.document(file_documents([file]))
        terminal.say("file_removed", name=file.name)

    return in_session(work)


def file_documents(files: Sequence[File]) -> dict[str, Any]:
    """Return files as `--json` prints them."""
    items = tuple(FileRead.model_validate(file, from_attributes=True) for file in files)
    return FileList(items=items).model_dump(mode="json")


def checked_query(query: str) -> str:
    """Return a query that can be searched for.

    Raises:
        OptionInvalid: It is empty or too long.
    """
    words = one_line(query)
    if not 0 < len(words) <= MAX_QUERY_LENGTH:
        raise OptionInvalid(f"Give 1 to {MAX_QUERY_LENGTH} characters to search for.")
    return words


def file_table(files: Sequence[File], terminal: Terminal) -> Table:
    """Return files as a table."""
    table = listing()
    table.add_column(terminal.words("column_id"), style="cyan", no_wrap=True)
    table.add_column(terminal.words("column_file"), overflow="fold")
    table.add_column(terminal.words("column_size"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_passages"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_tables"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_created"), style="dim", no_wrap=True)
    for file in files:
        table.add_row(
            short_id(file.id),
            one_line(file.name),
            size_text(file.size_bytes),
            f"{file.passage_count:,}",
            f"{file.table_count:,}",
            time_text(file.created_at),
        )
    return table


def _show_hit(hit: PassageHit, terminal: Terminal) -> None:
    text = one_line(hit.text)
    snippet = text if len(text) <= SNIPPET_LENGTH else text[:SNIPPET_LENGTH].rstrip() + "…"
    located = one_line(shown_locator(hit.locator, terminal.language))
    place = Text.assemble((one_line(hit.file_name), "bold"), (f"  {located}", "cyan"))
    terminal.show(place, Padding(Text(snippet), (0, 2, 1, 2)))
