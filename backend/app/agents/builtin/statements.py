"""Statements of the sources, word for word: one sentence, or two that belong together."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.agents.builtin.screening import (
    gives_order,
    is_line,
    is_statement,
    speaks_to_a_machine,
)
from app.schemas.source import Extract, Passage, PassageKind
from app.sources import split_sentences, stands_in

_DANGLING = re.compile(
    r"^[\"'\u201c\u2018(]*(?:this|these|those|that|it|its|they|their|them|he|she|his|her|such|both"
    r"|neither|the\s+(?:former|latter|same)|"
    r"however|moreover|furthermore|therefore|thus|hence|consequently|also|but|and|so|yet|or"
    r"|still|instead|nevertheless|"
    r"nonetheless|meanwhile|similarly|likewise|otherwise|then|again|besides|accordingly|conversely|"
    r"as\s+a\s+result|in\s+addition|for\s+(?:example|instance|this)|in\s+(?:contrast|turn"
    r"|particular|that|this)|on\s+the\s+other\s+hand|"
    r"at\s+the\s+same\s+time|by\s+contrast|because\s+of\s+this|due\s+to\s+this|to\s+this\s+end"
    r"|here|there(?!\s+(?:is|are|was|were))|"
    r"of\s+(?:these|those|this|that|them)|another|others|one\s+(?:of\s+them|reason)|the\s+other)\b"
    r"|^(?:[A-Z][\w-]*\s+){1,2}there\b"
    r"|^(?:on\s+average|in\s+total|overall|by\s+then|today|now|in\s+\d{4}"
    r"|at\s+present),?\s+(?:they|it|he|she|this|these)\b"
    r"|\b(?:of|in|for|to|from|with|by|at)\s+(?:that|this|these|those|such)\s+[a-z]+"
    r"|\b(?:a\s+new|another)\s+one\b"
    r"|(?:^|\s)(?:이|그|해당)\s(?:비율|수치|비용|금액|기간|지역|가운데|경우|제품|방안"
    r"|중)(?=[가-힣\s])"
    r"|^(?:only\s+)?\w+\s+of\s+\d+\s+(?:said|say|named|expect\w*|report\w*|keep|kept|ha[sd]"
    r"|have|were|are)\b"
    r"|^(?:\w+\s+){1,2}(?:years?|months?|weeks?)\s+(?:ago|earlier|later)\b"
    r"|^\d+(?:곳|명|개|가구|건)\s*(?:중|가운데)|^\d+(?:년|개월|주)\s*(?:전|뒤|후)(?:에는?"
    r"|에)?\s|^당시"
    r"|\b(?:would|did|does|do|could|can|will|had|have|should)(?:\s+(?:not|so))?\.$"
    r"|^[\"'\u201c\u2018(]*(?:이는|이것|이러한|이런|이에|이를|이와|이로|이\s|이번\s결과|그\s"
    r"|그것|그러나"
    r"|그런|그리고|그래서|그는|그녀|그들|그중|그\s?결과|하지만|따라서|"
    r"또한|또|반면|반대로|다만|특히|한편|이어|이후|아울러|더불어|즉|왜냐하면|결국|예를\s*들어"
    r"|이\s*가운데|이\s*중|해당|여기|그럼에도|"
    r"이처럼|이같이|나머지|둘\s*다|양쪽|이들)",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"^(?:however|but|yet|nevertheless|nonetheless|by\s+contrast|in\s+contrast)\b|^(?:그러나"
    r"|하지만|다만|반면|그럼에도)",
    re.IGNORECASE,
)
_PROSE = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST, PassageKind.NOTE})
_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|section|part|제)\s*)?(?:\d+(?:\.\d+)*|[IVX]{1,4}|[가-하]"
    r"|[A-Z])[.)장절]?\s+(?=\S)",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:summary|abstract|key\s+(?:findings|points|messages)|conclusions?|highlights)\b|요약"
    r"|핵심|결론|개요",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:(?:executive|management|short|brief)\s+)?(?:summary|introduction|overview|background"
    r"|abstract|conclusions?|contents?|preface|general|details?|notes?|findings|(?:key|main)\s+(?:findings"
    r"|points|messages|results)|highlights|text|body|purpose)$"
    r"|^(?:요약|서론|개요|머리말|결론|들어가며|배경|초록|본문|내용|(?:핵심|주요)\s*(?:내용|요약|결과|사항)"
    r"|목적|메모|비고|세부\s*내용)$",
    re.IGNORECASE,
)
_MOST_PAIR_CHARS = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source says. `place` is its position from 0 to 1 in its file."""

    text: str
    passage: Passage
    topic: str
    place: float
    ordinal: int
    is_summary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All statements of some files, and where orders to a machine were left out."""

    statements: tuple[Statement, ...]
    left_out: tuple[Passage, ...]


def read_statements(
    extracts: Sequence[Extract],
    passages: Iterable[Passage] | None = None,
    *,
    by_lines: bool = False,
) -> Reading:
    """Collect the statements of the given passages, or of all prose of the files.

    With `by_lines`, files without a single sentence (agendas, lists) are read line by line.
    """
    chosen = None if passages is None else list(passages)
    reading = _read(extracts, chosen, _units)
    return reading if reading.statements or not by_lines else _read(extracts, chosen, _lines)


def _read(
    extracts: Sequence[Extract],
    passages: Sequence[Passage] | None,
    pieces: Callable[[Passage], Iterator[str]],
) -> Reading:
    wanted = None if passages is None else {p.id for p in passages}
    statements: list[Statement] = []
    left_out: list[Passage] = []
    for extract in extracts:
        prose = [p for p in extract.passages if p.kind in _PROSE]
        shared = _title_path(extract)
        name = _short_title(extract)
        for position, passage in enumerate(prose):
            if wanted is not None and passage.id not in wanted:
                continue
            if speaks_to_a_machine(passage.text):
                left_out.append(passage)
            for text in pieces(passage):
                statements.append(
                    Statement(
                        text=text,
                        passage=passage,
                        topic=_heading_of(passage, shared, name),
                        place=position / max(1, len(prose)),
                        ordinal=len(statements),
                        is_summary=_SUMMARY.search(passage.section) is not None,
                    )
                )
    return Reading(statements=tuple(statements), left_out=tuple(left_out))


def topic_of(section: str, title_path: str = "") -> str:
    """Return the heading that a passage stands under, without numbering and the file's title."""
    parts = [part for part in section.split(" > ") if part]
    if parts and parts[0] == title_path:
        parts = parts[1:]
    label = _NUMBERING.sub("", parts[0]).strip(" .:·-") if parts else ""
    return "" if _GENERIC.match(label) else label


def _heading_of(passage: Passage, title_path: str, name: str) -> str:
    """Return the passage's topic; the summary of a file is called after the file."""
    topic = topic_of(passage.section, title_path)
    if topic or not name:
        return topic
    if _SUMMARY.search(passage.section) is None:
        return name
    return f"{name} 요약" if re.search(r"[가-힣]", name) else f"{name}: summary"


def _short_title(extract: Extract) -> str:
    """Return the file's title up to a colon: the name of its statements without a heading."""
    title = " ".join(extract.title.split())
    head = re.split(r"\s*[:|(\uff08]\s*|\s+[-\u2013\u2014]\s+", title)[0]
    return (
        head
        if len(head) >= 4 and not head.lower().endswith((".md", ".txt", ".pdf", ".docx", ".html"))
        else ""
    )


def _title_path(extract: Extract) -> str:
    """Return the first heading, where all passages stand under it: the file's title."""
    firsts = {p.section.split(" > ")[0] for p in extract.passages if p.section}
    has_below = any(" > " in p.section for p in extract.passages)
    return firsts.pop() if len(firsts) == 1 and has_below else ""


def _units(passage: Passage) -> Iterator[str]:
    """Yield statements in order; a dangling sentence comes with the one before it."""
    sentences = _safe_sentences(passage)
    is_list = passage.kind is PassageKind.LIST
    used = -1
    for index, sentence in enumerate(sentences):
        if index <= used or not is_statement(sentence, is_item=is_list) or is_dangling(sentence):
            continue
        following = sentences[index + 1] if index + 1 < len(sentences) else ""
        pair = f"{sentence} {following}"
        if _belongs(following) and _is_whole(pair, passage):
            used = index + 1
            yield pair
        elif stands_in(sentence, passage.text):
            yield sentence


def _lines(passage: Passage) -> Iterator[str]:
    """Yield the lines that say something, where there are no sentences."""
    for line in _safe_sentences(passage):
        if is_line(line) and stands_in(line, passage.text):
            yield line


def is_dangling(sentence: str) -> bool:
    """Say whether a sentence leans on the one before it."""
    return _DANGLING.search(sentence) is not None


def _belongs(following: str) -> bool:
    """Say whether the next sentence must come along: it turns the meaning, or explains it."""
    if not following or not is_statement(following):
        return False
    return bool(_CONTRAST.match(following)) or (is_dangling(following) and len(following) < 140)


def _is_whole(pair: str, passage: Passage) -> bool:
    return len(pair) <= _MOST_PAIR_CHARS and stands_in(pair, passage.text)


def _safe_sentences(passage: Passage) -> list[str]:
    """Return the sentences that give no orders to a machine, nor stand as orders beside such."""
    safe: list[str] = []
    for paragraph in passage.text.splitlines() or [""]:
        sentences = split_sentences(paragraph)
        stated = [s for s in sentences if not speaks_to_a_machine(s)]
        has_orders = len(stated) < len(sentences)
        safe += [s for s in stated if not (has_orders and gives_order(s))]
    return safe
