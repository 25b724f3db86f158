"""A plan to edit, and random edits of it, good and bad, from a seed."""

import random
from typing import Any

from app.schemas.plan import AgentName, ExecutionPlan, PlanStep
from tests.factories.engine import make_plan, make_step

FILE_ID = "3f0e1c5a-9d8e-4c55-8f38-0f6b5e8f2a11"
GOOD = 0.95
ENDINGS = {"docs": ".docx", "sheets": ".xlsx", "slides": ".pptx"}
# For each field of a step: values that can be used, mostly, and values that cannot.
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    "agent": ([*AgentName], ["chef", "", "리뷰", None]),
    "title": (["A note", "짧은 메모"], ["", "  ", "x" * 250, None]),
    "instructions": (["Be brief.", "", None], ["x" * 5000]),
    "depends_on": ([["research"], ["research", "sheets"]], [["ghost"], []]),
    "after": ([[], ["research"], None], [["ghost"]]),
    "file_name": (["a.docx", "b.xlsx", "c.pptx", "보고서.md", None], ["../x.docx", "no-ending"]),
    "model": (["builtin", None], ["nobody:nothing", "", "x" * 300]),
    "cap_usd": ([0, 0.5, -0.0, None], [-1, 1e9]),
    "deadline_s": ([60, 3600.5, None], [0, -5, 1e300]),
    "required": ([True, False, None], [None]),
    "complexity": (["low", "high", None], ["odd"]),
    "slide_count": ([2, 12, None], [0, 10**20]),
}


def fed_plan() -> ExecutionPlan:
    """Return a plan with all kinds of steps over one file."""
    return make_plan(
        [
            make_step("research"),
            make_step("sheets", agent=AgentName.SHEETS, file_name="book.xlsx"),
            make_step("docs", "research", agent=AgentName.DOCS, file_name="report.docx"),
            make_step(
                "slides",
                "research",
                "sheets",
                agent=AgentName.SLIDES,
                file_name="deck.pptx",
                slide_count=6,
                required=False,
            ),
            make_step(
                "review",
                agent=AgentName.REVIEW,
                after=("research", "sheets", "docs", "slides"),
            ),
        ],
        file_ids=(FILE_ID,),
    )


class EditDice:
    """Throws edits, as JSON. Some of them cannot be done."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._made = 0

    def edits(self, steps: tuple[PlanStep, ...]) -> list[dict[str, Any]]:
        """Return one to three edits of a plan of these steps."""
        return [self._edit(steps) for _ in range(self._random.choice([1, 1, 1, 2, 3]))]

    def _edit(self, steps: tuple[PlanStep, ...]) -> dict[str, Any]:
        pick = self._random.choice
        match pick(["add", "remove", "move", "change", "change", "change"]):
            case "add":
                edit: dict[str, Any] = {"op": "add", "step": self._new(steps)}
                return edit | ({"position": pick([1, 2, 5, 299])} if pick([True, False]) else {})
            case "remove":
                return {"op": "remove", "key": self._key(steps)}
            case "move":
                return {"op": "move", "key": self._key(steps), "position": pick([1, 2, 3, 5, 200])}
            case _:
                changed = {self._field(): None for _ in range(pick([1, 1, 2]))}
                fields = {name: self._value(name, steps) for name in changed}
                return {"op": "change", "key": self._key(steps), **fields}

    def _new(self, steps: tuple[PlanStep, ...]) -> dict[str, Any]:
        self._made += 1
        odd = ["plan", "Bad Key", "", self._key(steps)]
        key = f"new-{self._made}" if self._random.random() < GOOD else self._random.choice(odd)
        step = {"key": key, "agent": self._value("agent", steps), "title": "More"}
        agent = step["agent"]
        if agent in ENDINGS:
            step |= {"depends_on": ["research"], "file_name": f"{key}{ENDINGS[agent]}"}
        more = [self._field() for _ in range(self._random.choice([0, 0, 1, 2]))]
        return {**step, **{name: self._value(name, steps) for name in more}}

    def _key(self, steps: tuple[PlanStep, ...]) -> str:
        keys = [step.key for step in steps]
        return self._random.choice(keys if self._random.random() < GOOD else ["ghost", ""])

    def _field(self) -> str:
        return self._random.choice(list(VALUES))

    def _value(self, name: str, steps: tuple[PlanStep, ...]) -> Any:
        good, bad = VALUES[name]
        if name in {"depends_on", "after"}:
            keys = [step.key for step in steps]
            good = [*good, [self._random.choice(keys)], keys[: self._random.randrange(len(keys))]]
        return self._random.choice(good if self._random.random() < GOOD else bad)
