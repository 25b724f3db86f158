"""All that a writing operation may use, and the checks of what it wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from app.agents.llm.facts import Facts, cited_sources, facts_of
from app.agents.llm.fence import user_prompt
from app.agents.llm.grounding import Evidence, cited_runs, number_problems, reference_problems
from app.agents.llm.tables import Tables, source_of, tables_of
from app.agents.ports import Ask
from app.agents.review.draft_text import draft_lines, fault_lines
from app.artifacts.blocks import Run
from app.schemas.source import Source, SourceTable
from app.sources import SourceLibrary

REVISE = (
    "The draft in the data was reviewed. Write it anew, whole: put right what its faults name and "
    "keep the rest."
)
NOTHING = "There are no facts and no tables. Write from the goal alone, without any number."


@dataclass(frozen=True, slots=True)
class Material:
    """The facts, the tables and the numbers that may be written."""

    facts: Facts
    tables: Tables
    evidence: Evidence
    library: SourceLibrary

    @classmethod
    def of(cls, ask: Ask) -> Self:
        """Gather the material of an order. The user's own words count as evidence for numbers."""
        tables = tables_of(ask.sources, ask.language)
        facts = facts_of(ask, tables.by_reference.values())
        own = (ask.goal, ask.step.title, ask.step.instructions, ask.today.isoformat())
        evidence = Evidence((*facts.evidence(), *tables.evidence(), *own))
        return cls(facts, tables, evidence, ask.sources)

    def prompt(
        self, ask: Ask, share: float, *extra: tuple[str, str], more: Sequence[str] = ()
    ) -> str:
        """Write the order and the first `share` of the material, with `more` lines after it.

        A revision adds the order to put faults right, the faults and the draft. They quote files,
        so they are material, never part of the order.
        """
        order = (
            ("Goal", ask.goal),
            ("Step", ask.step.title),
            ("Instructions", ask.step.instructions),
            ("Today", ask.today.isoformat()),
            *extra,
            ("Revision", REVISE if ask.revision is not None else ""),
        )
        lines = [*self.facts.lines(share), *self.tables.lines(share)]
        has_any = self.facts.references or self.tables.by_reference
        if ask.revision is not None:
            revision = ask.revision
            more = [*more, *fault_lines(revision.faults), *draft_lines(revision.previous, share)]
        return user_prompt(order, "\n".join([*(lines if has_any else [NOTHING]), *more]))

    def problems(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Say which numbers and references of an answer's texts are not in the material."""
        listed = list(texts)
        unknown = reference_problems(listed, self.facts.references)
        return unknown + number_problems(listed, self.evidence)

    def runs(self, text: str) -> tuple[Run, ...]:
        """Turn a text with references into runs with sources."""
        return cited_runs(text, self.facts, self.evidence)

    def plain(self, text: str, otherwise: str = "") -> str:
        """Return a text without references and unsupported numbers, else `otherwise`."""
        return self.evidence.keep_supported(text) or otherwise


class Citing:
    """Makes runs and table references, and remembers which sources they used, in order."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._used: list[str] = []
        self._table_sources: dict[str, Source] = {}

    def runs(self, text: str) -> tuple[Run, ...]:
        """Turn a text with references into runs with sources."""
        runs = self._material.runs(text)
        for run in runs:
            self.use(run.source_ids)
        return runs

    def table(self, table: SourceTable) -> tuple[str, ...]:
        """Cite a whole table."""
        source = source_of(self._material.library, table)
        if source is None:
            return ()
        self._table_sources[source.id] = source
        return self.use((source.id,))

    def use(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Note that these sources are cited."""
        self._used += ids
        return ids

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources cited so far, in order of first use."""
        return cited_sources(self._material.facts, self._used, self._table_sources.values())
