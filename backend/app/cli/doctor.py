"""`madang doctor`: what is set up, what is not, and what to do."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings


def doctor(
    *,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Show how often tasks took what was forecast.")
    ] = False,
    as_json: JsonFlag = False,
) -> int:
    """Check what is set up, what is not, and what to do about it."""
    if quotes:
        from app.cli.quote_check import check_quotes  # noqa: PLC0415 - loads the whole application

        return perform(check_quotes(), as_json=as_json)

    async def work(terminal: "Terminal", settings: "Settings", _: "Interruption") -> int:
        from app.cli.diagnosis import diagnose  # noqa: PLC0415 - loads the whole application

        return await diagnose(terminal, settings)

    return perform(work, as_json=as_json)
