"""What a prompt of a composer holds, read back from its text."""

import itertools
import re
from dataclasses import dataclass
from functools import cached_property

DATA = re.compile(r"=== BEGIN DATA (\w+) ===\n(.*)\n=== END DATA \1 ===", re.DOTALL)
PASSAGE = re.compile(r"^\[(P\d+)\] (.*)$")
FACT = re.compile(r"^\[(F\d+)\](?: \(([^)]*)\))? (.*)$")
TABLE = re.compile(r"^\[(T\d+)\] (.*?); ")
COLUMNS = re.compile(r"^  columns: (.*); \d+ rows$")
COLUMN = re.compile(r"(.+?) <(\w+)>(?:, |$)")
NUMERIC = {"integer", "number", "currency", "percent"}


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as the prompt shows it: its reference, title and columns with their types."""

    reference: str
    title: str
    columns: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """The column that names rows."""
        return next((n for n, kind in self.columns if kind not in NUMERIC), self.columns[0][0])

    @property
    def numbers(self) -> list[str]:
        """The numeric columns."""
        return [name for name, kind in self.columns if kind in NUMERIC]


class ScriptedPrompt:
    """A prompt's order and material."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = DATA.search(text)
        self.data = found.group(2) if found else ""
        self.is_korean = "Write all texts in Korean" in text

    def line(self, name: str) -> str:
        """Return the order's line of that name."""
        found = re.search(rf"^{name}: (.*)$", self.text, re.MULTILINE)
        return found.group(1) if found else ""

    @cached_property
    def passages(self) -> dict[str, str]:
        """The passages' texts by reference."""
        texts: dict[str, list[str]] = {}
        current: list[str] = []
        for line in self.data.splitlines():
            head = PASSAGE.match(line)
            if head:
                current = texts.setdefault(head.group(1), [])
            else:
                current.append(line)
        return {reference: "\n".join(lines).strip() for reference, lines in texts.items()}

    @cached_property
    def facts(self) -> dict[str, tuple[str, str]]:
        """Topic and text of each fact by reference."""
        matches = [m for line in self.data.splitlines() if (m := FACT.match(line))]
        return {m.group(1): (m.group(2) or "", m.group(3)) for m in matches}

    @cached_property
    def tables(self) -> list[ShownTable]:
        """The tables."""
        lines = self.data.splitlines()
        shown = []
        for line, following in itertools.pairwise(lines):
            head, columns = TABLE.match(line), COLUMNS.match(following)
            if head and columns:
                found = tuple(COLUMN.findall(columns.group(1)))
                shown.append(ShownTable(head.group(1), head.group(2), found))
        return shown

    def say(self, english: str, korean: str) -> str:
        """Return the text in the language that is asked for."""
        return korean if self.is_korean else english
