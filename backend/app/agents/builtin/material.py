"""All that a document or a deck is made of: findings handed down, tables, and their sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.agents.builtin.citing import Citations
from app.agents.builtin.insight import Insight
from app.agents.builtin.screening import is_about_method, speaks_to_a_machine
from app.agents.builtin.table_choice import text_tables
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.topics import is_late
from app.agents.results import Finding, Findings
from app.schemas.source import Language, Passage
from app.sources import PassageNotFound, SourceLibrary, numbers_in

_MOST_STRETCH_CHARS = 480
_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_REPEATED = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of a source with the place where it stands."""

    finding: Finding
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Theme:
    """A topic with its statements in reading order."""

    label: str
    facts: tuple[Fact, ...]

    @property
    def is_list(self) -> bool:
        """Whether the statements are lines of a list, not sentences."""
        return all(fact.finding.kind == "context" for fact in self.facts)

    @property
    def is_late(self) -> bool:
        """Whether the theme belongs at the end: risks, open questions, outlook."""
        return is_late(self.label)


class Material:
    """Findings and tables of one task, made ready for writing."""

    def __init__(
        self,
        findings: Sequence[Findings],
        reports: Sequence[TableReport],
        library: SourceLibrary,
        language: Language,
    ) -> None:
        self.reports = tuple(reports)
        self.language: Language = language
        self.word_tables = tuple(text_tables(library))
        self.library = library
        self.citations = Citations(library)
        self._findings = _distinct([f for part in findings for f in part.findings])
        self._known = {s.id: s for part in findings for s in part.sources}
        self.gaps = tuple(dict.fromkeys(gap for part in findings for gap in part.gaps))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The statements of the sources, weightiest first; how they were made comes last."""
        told = " ".join(finding.text for finding in self.contradictions)
        kept = [
            f
            for f in self._findings
            if f.kind in {"fact", "context"}
            and f.source_ids
            and f.text not in told
            and not self._is_computed(f.text)
        ]
        kept.sort(key=lambda finding: is_about_method(finding.text))
        return tuple(Fact(finding, self._passage_of(finding)) for finding in kept)

    @property
    def key_facts(self) -> tuple[Fact, ...]:
        """The statements with substance; how a file was made only where there is nothing else."""
        substance = tuple(f for f in self.facts if not is_about_method(f.finding.text))
        return substance or self.facts

    @cached_property
    def _computed_numbers(self) -> frozenset[str]:
        return frozenset(n for _, insight in self.insights for n in numbers_in(insight.text))

    def _is_computed(self, text: str) -> bool:
        """Say whether a statement only repeats what is computed from the tables anyway."""
        own = {n for n in numbers_in(text) if not _YEAR.fullmatch(n)}
        return len(own) >= _REPEATED and own <= self._computed_numbers

    @cached_property
    def contradictions(self) -> tuple[Finding, ...]:
        """Where two files disagree."""
        return tuple(f for f in self._findings if f.kind == "contradiction")

    @cached_property
    def themes(self) -> tuple[Theme, ...]:
        """The topics in the order of the sources, late ones last."""
        groups: dict[str, list[Fact]] = {}
        for fact in self.facts:
            groups.setdefault(fact.finding.topic, []).append(fact)
        themes = [Theme(label, tuple(sorted(f, key=self._place))) for label, f in groups.items()]
        return tuple(sorted(themes, key=lambda theme: (theme.is_late, self._mean_place(theme))))

    @cached_property
    def insights(self) -> tuple[tuple[TableReport, Insight], ...]:
        """The computed statements of all tables, weightiest first; later tables count less."""
        pairs = [
            (insight.weight * 0.8**place, place, report, insight)
            for place, report in enumerate(self.reports)
            for insight in report.insights
        ]
        pairs.sort(key=lambda item: (-item[0], item[1], item[3].text))
        return tuple((report, insight) for _, _, report, insight in pairs)

    @cached_property
    def ranked_themes(self) -> tuple[Theme, ...]:
        """The topics by their weightiest statement."""
        rank = {id(fact): place for place, fact in enumerate(self.facts)}
        return tuple(sorted(self.themes, key=lambda t: min(rank[id(f)] for f in t.facts)))

    def best_themes(self, count: int) -> tuple[Theme, ...]:
        """Return the weightiest themes in the order of the sources; risks have a place."""
        ranked = self.ranked_themes
        kept = list(ranked[:count])
        late = next((theme for theme in ranked if theme.is_late), None)
        if late is not None and late not in kept and count > 1:
            kept[-1] = late
        return tuple(theme for theme in self.themes if theme in kept)

    def cite(self, finding: Finding) -> tuple[str, ...]:
        """Cite a finding with the sources that it came with."""
        self.citations.add(self._known[id] for id in finding.source_ids if id in self._known)
        return tuple(id for id in finding.source_ids if id in self._known)

    def quotes_of(self, finding: Finding) -> tuple[str, ...]:
        """Return the quotes that a finding rests on."""
        return tuple(self._known[id].quote for id in finding.source_ids if id in self._known)

    def stretch(self, facts: Sequence[Fact]) -> str:
        """Return the text of one passage from the first of these statements to the last.

        Empty when they stand in different passages, out of order, or far apart, and when an order
        to a machine stands between them.
        """
        passage = facts[0].passage
        if passage is None or any(fact.passage != passage for fact in facts):
            return ""
        start = passage.text.find(facts[0].finding.text)
        last = facts[-1].finding.text
        end = passage.text.find(last, start + 1)
        text = passage.text[start : end + len(last)] if 0 <= start < end else ""
        is_short = "\n" not in text and len(text) <= _MOST_STRETCH_CHARS
        return text if is_short and not speaks_to_a_machine(text) else ""

    def cite_stretch(self, facts: Sequence[Fact]) -> tuple[str, ...]:
        """Cite statements of one passage together."""
        passage, text = facts[0].passage, self.stretch(facts)
        return self.citations.quote(passage, text) if passage is not None and text else ()

    def file_names(self) -> tuple[str, ...]:
        """Return the names of the files, in order."""
        return tuple(extract.file_name for extract in self.library.extracts)

    def _passage_of(self, finding: Finding) -> Passage | None:
        source = self._known.get(finding.source_ids[0])
        if source is None or source.passage_id is None:
            return None
        try:
            return self.library.passage(source.passage_id)
        except PassageNotFound:
            return None

    def _place(self, fact: Fact) -> tuple[int, int, int]:
        if fact.passage is None:
            return (len(self.library.extracts), 0, 0)
        files = [extract.file_id for extract in self.library.extracts]
        within = fact.passage.text.find(fact.finding.text[:40])
        return (files.index(fact.passage.file_id), fact.passage.ordinal, within)

    def _mean_place(self, theme: Theme) -> tuple[float, str]:
        sizes = {e.file_id: max(1, len(e.passages)) for e in self.library.extracts}
        places = [
            fact.passage.ordinal / sizes[fact.passage.file_id]
            for fact in theme.facts
            if fact.passage
        ]
        return (sum(places) / len(places) if places else 1.0, theme.label)


def _distinct(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    unique: dict[str, Finding] = {}
    for finding in findings:
        unique.setdefault(" ".join(finding.text.split()), finding)
    return tuple(unique.values())
