"""`madang migrate`: bring the database up to date."""

from typing import TYPE_CHECKING

from app.cli.edge import perform
from app.cli.options import JsonFlag

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings


def migrate(*, as_json: JsonFlag = False) -> int:
    """Bring the database's tables to this version's."""

    async def work(terminal: "Terminal", settings: "Settings", _: "Interruption") -> int:
        from app.cli.database_check import migrated  # noqa: PLC0415 - loads the database layer

        with terminal.status("starting"):
            is_changed = await migrated(settings)
        terminal.document({"is_changed": is_changed})
        terminal.say("migrated" if is_changed else "migrated_already")
        return 0

    return perform(work, as_json=as_json)
