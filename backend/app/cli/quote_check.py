"""`madang doctor --quotes`: how often tasks took what was forecast."""

from rich.table import Table
from rich.text import Text

from app.cli.edge import Action
from app.cli.file_actions import in_session
from app.cli.formatting import one_line
from app.cli.session import Session
from app.cli.tables import listing
from app.cli.terminal import Terminal
from app.schemas.calibration import CalibrationRow, MeasureCalibration
from app.schemas.plan import BasisKind

BASIS_WORDS = {
    BasisKind.ACTUALS: "basis_short_actuals",
    BasisKind.MIXED: "basis_short_mixed",
    BasisKind.PRIORS: "basis_short_priors",
}
# In the order of a row's measures.
MEASURE_COLUMNS = ("column_time_held", "column_cost_held", "column_tokens_held")


def check_quotes() -> Action:
    """Show the calibration of the local owner's quotes."""

    async def work(session: Session, terminal: Terminal) -> None:
        with terminal.status("reading_quotes"):
            found = await session.runtime.quotes.calibration(session.user_id)
        terminal.document(found.model_dump(mode="json"))
        if not found.rows:
            terminal.say("no_quotes")
            return
        terminal.show(calibration_table(found.rows, terminal), "")
        terminal.say("quotes_expected")

    return in_session(work)


def calibration_table(rows: tuple[CalibrationRow, ...], terminal: Terminal) -> Table:
    """Return one line for each agent, model and basis; for whole plans as well."""
    table = listing()
    table.add_column(terminal.words("column_agent"), no_wrap=True)
    table.add_column(terminal.words("column_model"), overflow="fold")
    table.add_column(terminal.words("column_basis"), no_wrap=True)
    table.add_column(terminal.words("column_runs"), justify="right", no_wrap=True)
    for column in MEASURE_COLUMNS:
        table.add_column(terminal.words(column), justify="right")
    for row in rows:
        agent = "whole_plan" if row.agent is None else f"agent_{row.agent}"
        table.add_row(
            Text(terminal.words(agent), style="cyan"),
            one_line(row.model),
            terminal.words(BASIS_WORDS[row.basis]),
            f"{row.runs:,}",
            *(_held(part, terminal) for part in (row.time_s, row.cost_usd, row.tokens)),
        )
    return table


def _held(measure: MeasureCalibration | None, terminal: Terminal) -> str:
    if measure is None:
        return "-"
    return terminal.words(
        "held", inside=f"{measure.inside:.0%}", error=f"{measure.median_error:.0%}"
    )
