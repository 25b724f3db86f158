"""A deliverable as lines for a model to read: what it says, in order, with its first cells."""

from collections.abc import Iterable, Iterator

from app.agents.results import AgentResult
from app.agents.review.content import content_of
from app.schemas.review import Fault

MAX_DRAFT_LENGTH = 16_000
CELLS_PER_GRID = 24


def draft_lines(made: AgentResult, share: float) -> Iterator[str]:
    """Yield the draft's lines, the first `share` of its permitted length."""
    left = int(MAX_DRAFT_LENGTH * share)
    for line in _lines(made):
        left -= len(line)
        if left < 0:
            yield "Draft: (cut here)"
            return
        yield line


def fault_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield faults as lines, each with its place."""
    for fault in faults:
        place = f" ({fault.place})" if fault.place else ""
        yield f"Fault: {fault.message}{place}"


def _lines(made: AgentResult) -> Iterator[str]:
    content = content_of(made)
    if content is None:
        return
    for statement in content.statements:
        text = " ".join(statement.text.split())
        if text:
            yield f"Draft, {'heading' if statement.is_heading else 'text'}: {text}"
    for grid in content.grids:
        cells = ", ".join(f"{c.row} {c.column} {c.shown}" for c in grid.cells[:CELLS_PER_GRID])
        if cells:
            yield f"Draft, figures: {grid.title}: {cells}"
