"""What the reviews found: a score beside each file, and below the files what stayed open."""

from rich.console import RenderableType
from rich.text import Text

from app.cli.formatting import one_line
from app.cli.tables import grid, indented
from app.cli.terminal import Terminal
from app.schemas.review import ReviewReport
from app.schemas.task import ArtifactRead, TaskRead

GOOD_SCORE = 90
MAX_FAULTS = 5


def score_words(artifact: ArtifactRead, terminal: Terminal) -> Text:
    """Return a file's score, and which of how many versions it is."""
    review = artifact.review
    if review is None:
        return Text()
    style = "green" if review.score >= GOOD_SCORE else "yellow"
    return Text(terminal.words("review_score", score=review.score), style=style)


def review_view(task: TaskRead, terminal: Terminal) -> list[RenderableType]:
    """Return what stayed open in each file, and the figures that differ between files."""
    table = grid(gap=1)
    table.add_column()
    table.add_column(overflow="fold")
    for artifact in task.artifacts:
        if artifact.review is not None:
            for line in _lines(artifact.name, artifact.review, terminal):
                table.add_row(Text("!", style="yellow"), Text(one_line(line)))
    for difference in task.inconsistencies:
        table.add_row(Text("!", style="yellow"), Text(one_line(difference)))
    if not table.row_count:
        return []
    heading = Text(f"  {terminal.words('review_heading')}", style="bold yellow")
    return [Text(), heading, indented(table)]


def _lines(name: str, review: ReviewReport, terminal: Terminal) -> list[str]:
    lines = [f"{name}: {fault.message}" for fault in review.faults[:MAX_FAULTS]]
    more = len(review.faults) - MAX_FAULTS
    if more > 0:
        lines.append(terminal.words("review_more", name=name, count=more))
    if len(review.rounds) > 1:
        scores = ", ".join(str(version.score) for version in review.rounds)
        kept, count = review.kept_round, len(review.rounds)
        lines.append(
            terminal.words("review_versions", name=name, kept=kept, count=count, scores=scores)
        )
    return lines
