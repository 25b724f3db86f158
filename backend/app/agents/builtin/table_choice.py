"""Which tables matter for a goal, best first."""

from app.agents.builtin.request import Request
from app.agents.builtin.table_report import TableReport
from app.sources import SourceLibrary, tokens

_MOST_TABLES = 8


def rank_tables(library: SourceLibrary, request: Request) -> list[TableReport]:
    """Return reports of the tables that hold figures: those near the goal and rich first."""
    goal = set(tokens(request.text))
    reports = [TableReport(table, request.language, request.text) for table in library.tables]
    measured = [r for r in reports if r.view.measures and r.view.rows]

    def rank(report: TableReport) -> tuple[float, int]:
        return (-_worth(report, goal), measured.index(report))

    return sorted(measured, key=rank)[:_MOST_TABLES]


def _worth(report: TableReport, goal: set[str]) -> float:
    table = report.table
    names = f"{table.title} {table.file_name} {' '.join(c.name for c in table.columns)}"
    overlap = len(goal & set(tokens(names)))
    richness = len(report.series) + len(report.breakdowns) + min(len(report.view.rows), 50) / 50
    return 2.0 * overlap + richness
