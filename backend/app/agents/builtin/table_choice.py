"""Which tables matter for a goal, and which of their columns, best first."""

from collections.abc import Mapping, Sequence

from app.agents.builtin.ranking import text_vectors
from app.agents.builtin.request import Request
from app.agents.builtin.table_preparation import prepared_tables
from app.agents.builtin.table_report import TableReport
from app.schemas.source import SourceTable
from app.sources import Embedder, SourceLibrary, tokens

_MOST_TABLES = 8
_LEAST_LIKENESS = 0.42


def rank_tables(
    library: SourceLibrary, request: Request, embedder: Embedder | None = None
) -> list[TableReport]:
    """Return reports of the tables that hold figures: those near the goal and rich first."""
    tables = prepared_tables(library)
    nearness = _nearness(tables, request, embedder)
    goal = set(tokens(request.text))
    reports = [TableReport(t, request.language, request.text, nearness) for t in tables]
    measured = [r for r in reports if r.view.measures and r.view.rows]

    def rank(report: TableReport) -> tuple[float, int]:
        return (-_worth(report, goal), measured.index(report))

    return sorted(measured, key=rank)[:_MOST_TABLES]


def text_tables(library: SourceLibrary) -> list[SourceTable]:
    """Return the tables without figures: agendas, lists of names, comparisons in words."""
    return [
        table
        for table in prepared_tables(library)
        if len(table.columns) >= 2 and table.rows and not TableReport(table, "en").view.measures
    ]


def _worth(report: TableReport, goal: set[str]) -> float:
    table = report.table
    names = f"{table.title} {table.file_name} {' '.join(c.name for c in table.columns)}"
    overlap = len(goal & set(tokens(names)))
    richness = len(report.series) + len(report.breakdowns) + min(len(report.view.rows), 50) / 50
    return 2.0 * overlap + richness


def _nearness(
    tables: Sequence[SourceTable], request: Request, embedder: Embedder | None
) -> Mapping[str, float]:
    """Compare column names with the goal by meaning: the goal may be in another language."""
    names = list(dict.fromkeys(column.name for table in tables for column in table.columns))
    if embedder is None or not names or not request.subject:
        return {}
    likeness = text_vectors(names, embedder) @ text_vectors([request.subject], embedder)[0]
    return {
        name: float(score)
        for name, score in zip(names, likeness, strict=True)
        if score >= _LEAST_LIKENESS
    }
