"""Disagreements that the sources themselves declare: "our figures differ", "자료가 서로 다르다"."""

import re
from collections.abc import Sequence

from app.agents.builtin.contradictions import Contradiction, Side
from app.agents.builtin.ranking import Floats
from app.agents.builtin.screening import is_statement
from app.agents.builtin.statements import Statement
from app.sources import split_sentences, stands_in, tokens

_CUE = re.compile(
    r"\bdisagree\w*\b|\bcontradict\w*\b|\bat\s+odds\b|\binconsistent\s+with\b|\bconflict(?:s"
    r"|ing)?\s+with\b"
    r"|\b(?:do|does|did)\s+not\s+(?:match|agree)\b|\b(?:figures?|numbers?|estimates?"
    r"|expectations?|sources?|reports?)\s+differ\b"
    r"|(?:자료|수치|통계|보고|전망|추정|의견|출처)[^.]{0,20}(?:서로\s*다르|엇갈|상충|어긋)"
    r"|(?:수치|자료)[^.]{0,20}(?:맞지\s*않|일치하지\s*않)|엇갈린다",
    re.IGNORECASE,
)
_MOST_SENTENCES, _MOST_CHARS = 3, 420
_LEAST_SHARED, _LEAST_LIKENESS = 3, 0.35
_MOST = 4


def is_declared(text: str) -> bool:
    """Say whether a text speaks of a disagreement itself."""
    return _CUE.search(text) is not None


def declared_disagreements(statements: Sequence[Statement], vectors: Floats) -> list[Contradiction]:
    """Return what the files say of their own disagreements, both sides where two files do."""
    places = [i for i, s in enumerate(statements) if _CUE.search(s.text)]
    found: list[Contradiction] = []
    used: set[int] = set()
    for place in places:
        if place in used:
            continue
        used.add(place)
        partner = _partner(place, places, statements, vectors, used)
        if partner is not None:
            used.add(partner)
        second = _side(statements[partner]) if partner is not None else None
        found.append(Contradiction(_side(statements[place]), second))
    return found[:_MOST]


def _partner(
    place: int,
    places: Sequence[int],
    statements: Sequence[Statement],
    vectors: Floats,
    used: set[int],
) -> int | None:
    """Find what another file says of the same disagreement."""
    own = statements[place]
    words = set(tokens(_extended(own)))
    for other in places:
        peer = statements[other]
        if other in used or peer.passage.file_id == own.passage.file_id:
            continue
        shared = len(words & set(tokens(_extended(peer))))
        is_alike = float(vectors[place] @ vectors[other]) >= _LEAST_LIKENESS
        if shared > _LEAST_SHARED or (shared == _LEAST_SHARED and is_alike):
            return other
    return None


def _side(statement: Statement) -> Side:
    text = _extended(statement)
    passage = statement.passage
    return Side(file_name=passage.file_name, text=text, value="", passage=passage)


def _extended(statement: Statement) -> str:
    """Take the sentences that follow in the paragraph: they say what differs."""
    passage = statement.passage
    line = next((ln for ln in passage.text.splitlines() if statement.text in ln), statement.text)
    following = split_sentences(line[line.find(statement.text) + len(statement.text) :])
    text = statement.text
    for sentence in following[: _MOST_SENTENCES - 1]:
        longer = f"{text} {sentence}"
        if len(longer) > _MOST_CHARS or not is_statement(sentence):
            break
        if not stands_in(longer, passage.text):
            break
        text = longer
    return text
