"""Keep a model's prose to the facts: citations by reference, no number without evidence."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from app.agents.llm.facts import Facts
from app.artifacts.blocks import Run
from app.sources import numbers_in, split_sentences, unsupported_numbers

REFERENCE = re.compile(r"\s*\[((?:F\d+)(?:\s*[,;]\s*F\d+)*)\]")
SINGLE = re.compile(r"F\d+")
STRAY_MARK = re.compile(r"\s*\[[A-Z]\d+(?:\s*[,;]\s*[A-Z]\d+)*\]")
MARKDOWN = re.compile(r"\*\*|__|`|^#+\s+|^[-*\u2022]\s+")
MAX_PROBLEMS = 10


class Evidence:
    """The texts whose numbers may stand in prose: facts, quotes, tables, the user's own words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)

    @cached_property
    def _known(self) -> set[str]:
        return {number for text in self.texts for number in numbers_in(text)}

    def unsupported(self, text: str) -> list[str]:
        """Return the numbers of `text` that no evidence bears out, as written."""
        plain = without_references(text)
        if numbers_in(plain) <= self._known:
            return []
        return unsupported_numbers(plain, self.texts)

    def keep_supported(self, text: str) -> str:
        """Return `text` without references and without sentences that hold such a number."""
        sentences = split_sentences(without_references(text))
        return " ".join(s for s in sentences if not self.unsupported(s)).strip()


def without_references(text: str) -> str:
    """Return `text` without any "[F1]" and without Markdown's bold and code marks."""
    return MARKDOWN.sub("", STRAY_MARK.sub("", REFERENCE.sub("", text))).strip()


def cited_runs(text: str, facts: Facts, evidence: Evidence) -> tuple[Run, ...]:
    """Turn "Sales grew. Costs fell [F2]." into runs with sources; drop unsupported sentences.

    A reference cites the sentence it stands in or directly after.
    """
    runs: list[Run] = []
    for sentence, references in _sentences(text):
        if evidence.unsupported(sentence):
            continue
        lead = " " if runs else ""
        runs.append(Run(text=f"{lead}{sentence}", source_ids=facts.source_ids(references)))
    return tuple(runs)


def number_problems(texts: Iterable[str], evidence: Evidence) -> tuple[str, ...]:
    """Say which numbers of an answer stand in no fact, for the repair round."""
    wrong = [(number, text) for text in texts for number in evidence.unsupported(text)]
    return tuple(
        f"The number {number!r} stands in none of the facts or tables: {text[:120]!r}. "
        "Use a number as the data has it, or say it without one."
        for number, text in wrong[:MAX_PROBLEMS]
    )


def reference_problems(
    texts: Iterable[str], known: Sequence[str], show: Callable[[str], str] = str
) -> tuple[str, ...]:
    """Say which references of an answer do not exist."""
    used = {r for text in texts for m in REFERENCE.findall(text) for r in SINGLE.findall(m)}
    return tuple(f"There is no fact {show(r)}." for r in sorted(used - set(known))[:MAX_PROBLEMS])


def _sentences(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each sentence without its references, with the references that belong to it."""
    for sentence in split_sentences(_before_full_stop(text)):
        references = tuple(r for m in REFERENCE.findall(sentence) for r in SINGLE.findall(m))
        plain = without_references(sentence)
        if plain:
            yield plain, references


def _before_full_stop(text: str) -> str:
    """Move a reference that stands after a full stop before it: "fell. [F2]" -> "fell [F2]."."""
    return re.sub(r"([.!?。])((?:\s*\[F\d[^\]]*\])+)", r"\2\1", text)
