"""Which kinds of file a goal names, and whether each is to be made, is a source, or is unwanted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.agents.builtin.goal_words import (
    BY_DETERMINER,
    DEFINITE,
    FILLERS,
    INDEFINITE,
    NEGATING_PAIRS,
    NEGATORS,
    POINTERS,
    SOURCE_WORDS,
    WANTED_WORDS,
)
from app.agents.builtin.vocabulary import FACE_VALUE, Deliverable


class Role(StrEnum):
    """What a named kind of file is in the goal."""

    WANTED = "wanted"
    SOURCE = "source"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where the goal names a kind of file."""

    kind: Deliverable
    start: int
    end: int
    role: Role = Role.WANTED
    is_only: bool = False


_HANGUL = re.compile(r"[가-힣]")
_CLAUSE_END = re.compile(r"[.;!?\n](?:\s|$)|,\s*(?:but|then|so)\b")
_WORD = re.compile(r"[\w'$%-]+|[,&]")
_LIST_GAP = re.compile(
    r"^(?:\s*,?\s*(?:and|or|nor|plus|&|및|또는|혹은|그리고)\s*|\s*,\s*|[와과랑나도]\s*|이랑\s*"
    r"|이나\s*|하고\s*)"
    r"(?:(?:an?|any|the|some|also|or|and|\d+\s*장(?:짜리|의)?)\s+)*(?:[\w-]+[\s-]+){0,2}$",
    re.IGNORECASE,
)
_OR_GAP = re.compile(r"^\s*,?\s*(?:or|nor)\s+(?:an?\s+|any\s+)?(?:[\w-]+\s+)?$", re.IGNORECASE)
_ONLY_BEFORE = re.compile(
    r"(?<!not )\b(?:only|just|solely|nothing\s+but)\s+(?:(?:make|need|want|create|give|build"
    r"|write|me|us|as|in)\s+)*"
    r"(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_ONLY_AFTER = re.compile(
    r"^(?:\s*,?\s*(?:only\b|alone\b|(?:and\s+)?nothing\s+(?:else|more))|(?:으로|로)?만(?=$"
    r"|[\s.,!])(?!\s*(?:보고|읽고|참고)))",
    re.IGNORECASE,
)
_KOREAN_EXCLUDED = re.compile(
    r"^\s*(?:은|는|을|를|이|가|도)?\s*(?:빼|제외|없이|말고|필요\s*(?:없|하지)|생략|만들지"
    r"|하지\s*마|대신|안\s*만들|불필요|아니라|아닌)"
)
_KOREAN_SOURCE = re.compile(
    r"^\s*(?:파일|내용|자료|데이터)?(?:들)?\s*(?:(?:을|를|만)?\s*(?:(?:영어|한국어|한글"
    r"|영문)로\s*|간단히\s*|짧게\s*|(?:한|두|세|\d+)\s*(?:장|쪽|페이지)(?:으로"
    r"|짜리로)?\s*)*(?:바탕|기반|토대|근거|참고|참조|이용|활용|사용|분석|읽|검토|비교|보고|요약"
    r"|살펴|변환|바꿔)"
    r"|에서|에\s*(?:있는|나온|담긴)|로부터|의\s*(?:내용|수치|데이터|핵심|요점|요약))"
)
_KOREAN_POINTED = re.compile(
    r"(?:첨부(?:한|된|하신|해\s*드린)?|올린|업로드(?:한|된)?|제공(?:한|된)?|보낸|받은|기존"
    r"|(?<![가-힣])[이위]|아래|해당)\s+(?:[가-힣A-Za-z0-9]+(?<![을를은는로과와서])\s+)?$"
)
_OBJECT_OF_ANOTHER = re.compile(r"^\s*(?:의\s*)?(?:내용|결과|자료)?\s*(?:을|를)\s")
_BECOMES = re.compile(r"^\s*(?:\d+\s*(?:장|쪽|페이지|매)(?:짜리)?\s*)?(?:으로|로)")


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Return what the goal names, in order, each with its role."""
    mentions = _without_modifiers(text, _matches(text))
    located: list[Mention] = []
    for index, mention in enumerate(mentions):
        previous = located[-1] if located else None
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        role = _role(text, mention, previous, following)
        located.append(replace(mention, role=role, is_only=_is_only(text, mention)))
    return _share_roles_in_lists(text, located)


def _matches(text: str) -> list[Mention]:
    found = [
        Mention(kind=kind, start=m.start(), end=m.end())
        for kind, pattern in FACE_VALUE.items()
        for m in pattern.finditer(text)
    ]
    found.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _without_modifiers(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Drop the weaker of two neighbours: "brief deck" is a deck, "Excel report" a workbook."""
    kept: list[Mention] = []
    for mention in mentions:
        if (
            kept
            and not text[kept[-1].end : mention.start].strip()
            and not _is_pointed(text, kept[-1])
        ):
            pair = (kept[-1], mention)
            stronger = [m for m in pair if m.kind is not Deliverable.DOCUMENT] or [pair[1]]
            kept[-1] = replace(stronger[-1], start=pair[0].start, end=pair[1].end)
        else:
            kept.append(mention)
    return kept


def _is_pointed(text: str, mention: Mention) -> bool:
    return bool(_KOREAN_POINTED.search(text[: mention.start]))


def _role(text: str, mention: Mention, previous: Mention | None, following: Mention | None) -> Role:
    before, after = text[: mention.start], text[mention.end :]
    if previous is not None and _OR_GAP.match(text[previous.end : mention.start]):
        return previous.role
    if _HANGUL.search(_clause(before) + after[:12]):
        return _korean_role(text, mention, following)
    return _english_role(before, previous)


def _korean_role(text: str, mention: Mention, following: Mention | None) -> Role:
    before, after = text[: mention.start], text[mention.end :]
    if _KOREAN_EXCLUDED.match(after):
        return Role.EXCLUDED
    if _KOREAN_SOURCE.match(after) or _KOREAN_POINTED.search(before):
        return Role.SOURCE
    if following is not None and _OBJECT_OF_ANOTHER.match(after):
        becomes = _BECOMES.match(text[following.end :])
        return Role.SOURCE if becomes else Role.WANTED
    return Role.WANTED


def _english_role(before: str, previous: Mention | None) -> Role:
    """Walk back from the word to the nearest one that decides."""
    since = previous.end if previous is not None else 0
    clause = _clause(before[since:])
    words = [word.lower() for word in _WORD.findall(clause)]
    has_definite = False
    for place in range(len(words) - 1, -1, -1):
        has_definite = has_definite or words[place] in DEFINITE
        role = _deciding(words[: place + 1], len(words) - 1 - place, has_definite=has_definite)
        if role is not None:
            return role
    is_neighbour = not words and len(clause) == len(before) - since
    return previous.role if previous is not None and is_neighbour else Role.WANTED


def _deciding(words: Sequence[str], distance: int, *, has_definite: bool) -> Role | None:
    """Return the role that the last of `words` gives, `distance` words before the mention."""
    word = words[-1]
    role: Role | None = None
    if word in NEGATORS or tuple(words[-2:]) in NEGATING_PAIRS:
        role = Role.EXCLUDED
    elif _makes(words):
        role = Role.EXCLUDED if _is_negated(words[:-1]) else Role.WANTED
    elif word in SOURCE_WORDS or (word in POINTERS and distance <= 1):
        role = Role.SOURCE
    elif word in BY_DETERMINER:
        role = Role.SOURCE if has_definite else Role.WANTED
    return role


def _makes(words: Sequence[str]) -> bool:
    word, neighbour = words[-1], words[-2] if len(words) > 1 else ""
    if word in WANTED_WORDS:
        return True
    is_count_of_known = neighbour in DEFINITE or neighbour in POINTERS
    return (word in INDEFINITE or word.isdigit()) and not is_count_of_known


def _is_negated(words: Sequence[str]) -> bool:
    rest = list(words)
    while rest and (rest[-1] in WANTED_WORDS or rest[-1] in FILLERS):
        rest.pop()
    return bool(rest) and (rest[-1] in NEGATORS or tuple(rest[-2:]) in NEGATING_PAIRS)


def _clause(before: str) -> str:
    ends = list(_CLAUSE_END.finditer(before))
    return before[ends[-1].end() :] if ends else before


def _is_only(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    return bool(_ONLY_AFTER.match(after)) or bool(_ONLY_BEFORE.search(_clause(before)))


def _share_roles_in_lists(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    """In Korean the last of a list carries the particle that decides for all before it."""
    shared: list[Mention] = []
    for mention in reversed(mentions):
        following = shared[-1] if shared else None
        if following is not None and _is_joined(text, mention, following):
            role = (
                following.role if _HANGUL.match(text[mention.end :].strip()[:1]) else mention.role
            )
            is_only = mention.is_only or following.is_only
            shared[-1] = replace(following, is_only=is_only)
            shared.append(replace(mention, role=role, is_only=is_only))
        else:
            shared.append(mention)
    return tuple(reversed(shared))


def _is_joined(text: str, mention: Mention, following: Mention) -> bool:
    return bool(_LIST_GAP.match(text[mention.end : following.start]))


def kinds_with(mentions: Iterable[Mention], role: Role) -> frozenset[Deliverable]:
    """Return the kinds of file that some mention gives this role."""
    return frozenset(mention.kind for mention in mentions if mention.role is role)


def wanted_kinds(mentions: Sequence[Mention]) -> frozenset[Deliverable]:
    """Return the kinds to be made: those said with "only" where any is, else all wanted."""
    wanted = [mention for mention in mentions if mention.role is Role.WANTED]
    only = [mention for mention in wanted if mention.is_only]
    return kinds_with(only or wanted, Role.WANTED) - kinds_with(mentions, Role.EXCLUDED)
