"""Topics: the sources' own headings, alike ones of different files taken together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.agents.builtin.ranking import text_vectors
from app.agents.builtin.statements import Statement
from app.sources import Embedder, tokens

_ALIKE = 0.72
_FEWEST_LABELS = 3
_MOST_LABEL_CHARS = 60
_LATE = frozenset(
    ["risk", "open", "question", "next", "step", "outlook", "conclusion", "recommendation",
     "limitation", "위험", "리스크", "과제", "전망", "결론", "한계", "향후", "제언"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """A label and the positions of its statements, in reading order."""

    label: str
    members: tuple[int, ...]


def group_by_topic(
    statements: Sequence[Statement],
    fallback: str,
    embedder: Embedder | None,
    subject: str = "",
) -> list[Topic]:
    """Group statements by heading, in the order in which the files treat them.

    `fallback` names the statements that stand under no heading. The words of the `subject`
    make no two headings alike.
    """
    labels = list(dict.fromkeys(_label(s) or fallback for s in statements))
    merged = _merge(labels, embedder, subject)
    groups: dict[str, list[int]] = {}
    for index, statement in enumerate(statements):
        groups.setdefault(merged[_label(statement) or fallback], []).append(index)

    def order(label: str) -> tuple[bool, float, str]:
        places = [statements[i].place for i in groups[label]]
        return (is_late(label), sum(places) / len(places), label)

    return [Topic(label, tuple(groups[label])) for label in sorted(groups, key=order)]


def is_late(label: str) -> bool:
    """Say whether a topic belongs at the end: risks, open questions, outlook."""
    return bool(_LATE & set(tokens(label)))


def _label(statement: Statement) -> str:
    label = statement.topic
    return label if len(label) <= _MOST_LABEL_CHARS else ""


def _merge(labels: Sequence[str], embedder: Embedder | None, subject: str) -> dict[str, str]:
    """Map each label to the first that means the same."""
    vectors = text_vectors(labels, embedder)
    likeness = vectors @ vectors.T if len(labels) else np.zeros((0, 0))
    words = _telling_words(labels, frozenset(tokens(subject)))
    merged: dict[str, str] = {}
    for index, label in enumerate(labels):
        earlier = (
            labels[other]
            for other in range(index)
            if words[index] == words[other]
            or _same(words[index], words[other], likeness[index, other])
        )
        merged[label] = merged[first] if (first := next(earlier, None)) else label
    return merged


def _telling_words(labels: Sequence[str], subject: frozenset[str]) -> list[frozenset[str]]:
    """Return the words of each label without those of the subject, which most labels share."""
    words = [frozenset(tokens(label)) for label in labels]
    counts = Counter(word for own in words for word in own)
    is_shared = len(labels) >= _FEWEST_LABELS
    common = {w for w, count in counts.items() if is_shared and count * 2 > len(labels)}
    return [own - common - subject or own for own in words]


def _same(own: frozenset[str], other: frozenset[str], likeness: float) -> bool:
    if not own or not other:
        return False
    overlap = len(own & other) / len(own | other)
    return overlap >= 0.5 or (float(likeness) >= _ALIKE and overlap > 0)
