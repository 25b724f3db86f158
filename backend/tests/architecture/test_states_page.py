"""The page on states and events says what the code does."""

import re

from app.agents.transitions import STEP_TRANSITIONS, TASK_TRANSITIONS
from tests.architecture.source_tree import BACKEND, ROOT

PAGE = (ROOT / "docs" / "reference" / "states-and-events.md").read_text(encoding="utf-8")
KIND = re.compile(r'"((?:task|step|plan)\.(?!json")[a-z_]+)"')
TOLD_BY_SQL = {"step.started", "step.done", "step.fallback"}
TOLD_BY_STATUS = {"step.blocked", "step.skipped"}


def rows(heading: str) -> dict[str, str]:
    """Return the first and last cells of the table under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip(" `"): row[-1].strip() for row in cells}


def followers(cell: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", cell)))


class TestStatesPage:
    def test_has_the_transitions_of_tasks(self) -> None:
        told = {name: followers(cell) for name, cell in rows("Tasks").items()}
        assert told == {str(old): set(map(str, new)) for old, new in TASK_TRANSITIONS.items()}

    def test_has_the_transitions_of_steps(self) -> None:
        told = {name: followers(cell) for name, cell in rows("Steps").items()}
        assert told == {str(old): set(map(str, new)) for old, new in STEP_TRANSITIONS.items()}

    def test_has_every_event(self) -> None:
        written = {
            kind
            for folder in ("engine", "services")
            for path in (BACKEND / "app" / folder).rglob("*.py")
            for kind in KIND.findall(path.read_text(encoding="utf-8"))
        }
        assert set(rows("Events")) == written | TOLD_BY_SQL | TOLD_BY_STATUS
