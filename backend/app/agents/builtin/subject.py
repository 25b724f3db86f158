"""What a goal is about: its subject, without the words that order the work."""

import re
from collections.abc import Sequence

from app.agents.builtin.goal_words import PLAIN_WORDS, QUALIFIERS
from app.agents.builtin.mentions import Mention, Role
from app.agents.builtin.vocabulary import ANY_NAMED, Deliverable
from app.schemas.source import Language
from app.sources.text import tokens

_MOST_CHARS = 60
_LEAST_KOREAN = 3
_FILE_NAME = re.compile(r"\S+\.(?:docx?|xlsx?|pptx?|pdf|csv|tsv|md|txt|html?)\b", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"\b(?:in|into)\s+(?:plain\s+)?(?:korean|english)\b|(?:한국어|영어|한글|영문|국문)(?:로|으로)?",
    re.IGNORECASE,
)
_EN_STOPS = re.compile(
    r"[.;:!?\n]|\s[-\u2013\u2014]\s"
    r"|,?\s+\b(?:from\s+(?:the|these|this|my|our|all|attached)\b|using\b|based\s+on\b"
    r"|according\s+to\b"
    r"|with\s+(?:an?|some|the|charts?|tables?|figures|citations|sources)\b|plus\b|as\s+an?\b"
    r"|into\s+an?\b|so\s+that\b|so\s+i\b"
    r"|please\b|(?:one|two|three|four|\d+)[\s-]pages?\b|for\s+(?:the\s+|our\s+|my\s+"
    r"|a\s+)?(?:board|management|team|manager|ceo|cfo"
    r"|executives?|leadership|"
    r"meeting|clients?|customers?|investors?|directors?|boss|monday|tuesday|wednesday|thursday"
    r"|friday|next\s+week|tomorrow)\b"
    r"|and\s+(?:an?|then|also|make|create|build|prepare|write|give|put|turn|summari[sz]e"
    r"|present|show|tell|list|recommend|suggest|explain|keep|use)\b"
    r"|,\s*(?:and\s+)?(?:make|create|build|prepare|write|then)\b|in\s+(?:one|two|three|a\s+few"
    r"|\d+)\s+(?:pages?|slides?)"
    r"|that\s+(?:i|we)\b|which\s+(?:i|we)\b|(?:and\s+)?nothing\s+(?:else|more)\b|only\b"
    r"|(?:covering|including|focus(?:ing|ed)?\s+on|showing|highlighting)\b)",
    re.IGNORECASE,
)
_EN_TAIL = re.compile(
    r"(?:[\s,]+(?:and|with|plus|as|in|into|or|an?|the|of|for|on|to|short|brief|clear|quick"
    r"|simple|new|\d+|[\w]+-(?:page|slide)))+$"
    r"|[\s,.;:]+$",
    re.IGNORECASE,
)
_EN_HEAD = re.compile(
    r"^(?:\s*(?:the|our|my|your|this|these|those|that|all|an?|attached|uploaded|provided"
    r"|enclosed|following|me|us|of|on|"
    r"how|what|why|whether|main|key|most\s+important|board|turn|convert)\b)+\s*",
    re.IGNORECASE,
)
_AFTER_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|on\s+the\s+(?:topic|subject)\s+of)\s+", re.IGNORECASE
)
_AFTER_NOUN = re.compile(r"^\s*(?:on|of|for)\s+", re.IGNORECASE)
_AFTER_VERB = re.compile(
    r"\b(?:analy[sz]e|compare|review|explain|summari[sz]e|describe|assess|evaluate|outline"
    r"|research|investigate"
    r"|analysis\s+of|comparison\s+of|overview\s+of|look\s+(?:at|into)|read)\s+",
    re.IGNORECASE,
)
_EN_MODIFIERS = re.compile(
    r"\b(?:an?|the|our|my|this|write|make|create|build|prepare|draft)\s+((?:[\w'&-]+\s+){1,5})$"
    r"|^\s*((?:[\w'&-]+\s+){1,5})$",
    re.IGNORECASE,
)
_EN_GENERIC = re.compile(
    r"^(?:(?:attached|uploaded|these|this|the|my|our|all|key|main|two|three|both"
    r"|provided)\s+)*(?:files?|data|documents?|docs?|"
    r"it|them|results?|everything|numbers?|figures?|contents?|materials?|sources?|reports?"
    r"|spreadsheets?|tables?|text|pdfs?|"
    r"notes?|findings|points|information|attachments?|slides?|anything|something|things?"
    r"|workbooks?|papers?|topic|subject|"
    r"file\s+names?|pages?|sales\s+data\s+file|meeting|week|month|market)$",
    re.IGNORECASE,
)
_KO_ABOUT = re.compile(
    r"(?P<topic>[^.,!?\n]+?)\s*(?:에\s*(?:대한|대해서?|대하여|관한|관해서?)|관련(?:된|한"
    r"|해서?)?(?=\s)|(?:을|를)\s*주제로)"
)
_KO_OBJECT = re.compile(
    r"(?P<topic>[^.,!?\n]+?)(?:을|를)\s*(?:바탕으로\s*)?(?:간단히|자세히|잘|한\s*눈에|쉽게)?\s*"
    r"(?:분석|정리|요약|비교|검토|조사|설명|파악|살펴|다루|담은|보여)"
)
_KO_BEFORE = re.compile(
    r"^.*(?:(?:바탕|기반|토대|근거|참고|중심)(?:으로|로|해서?|하여)|읽고|보고|(?:분석|요약|정리"
    r"|검토|비교|이용|활용|사용|포함)(?:해서?|하여|하고)|포함한|에서|파일로|자료로|표로|데이터로|내용으로|메모로|엑셀로|시트로)(?:\s+|$)",
    re.DOTALL,
)
_KO_HEAD = re.compile(
    r"^(?:\s*(?:첨부(?:한|된|하신)?|올린|업로드(?:한|된)?|제공(?:한|된)?|다음|아래|위|이|그"
    r"|저희|우리|해당|전체|모든|간단한|짧은|자세한|"
    r"(?:한|두|세|다섯|여섯|\d+)\s*(?:장|쪽|페이지)(?:짜리|의)?)\s+)+"
)
# "매출을 지점별로 정리한": what is done to the subject is not part of it.
_KO_MODIFIED = re.compile(
    r"^(?P<what>.+?)[을를]\s+(?:(?P<by>\S+별)로\s+)?(?:정리|비교|요약|분석|집계)(?:한|하는|할)$"
)
_KO_TAIL = re.compile(
    r"(?:[\s,]|\d+\s*(?:장|쪽|페이지)(?:짜리|의)?|(?:한|두|세|다섯|여섯)\s*(?:장|쪽)(?:짜리"
    r"|의)?|(?<=[가-힣])(?:을|를|은|는|의|와|(?<![결효성경학])과|에|로|으로)(?=$))+$"
)
_KO_GENERIC = re.compile(
    r"^(?:(?:첨부|올린|이|위|아래|핵심|주요|전체|모든|해당|제공된)\s*)*(?:파일|자료|데이터|문서"
    r"|내용|이것|이거|그거|결과|표|수치|사항|전체|핵심|요점|것|첨부|"
    r"보고용|회의용|경영진(?:\s*보고용)?|글|텍스트|엑셀|시트|보고서|리포트|팀|상사|임원|대표"
    r"|간단히|한국어|영어|파일들|자료들"
    r"|(?:[가-힣]{1,6}\s*)?(?:보고|회의|공유|발표|제출|배포|공지|안내)용)(?:들)?$"
)
_LIST_AFTER = re.compile(
    r"\b(?:covering|including|focus(?:ing|ed)?\s+on|with\s+(?:sections?|chapters?|parts?)\s+on"
    r"|address(?:ing)?)\s+(?P<items>[^.;!?\n]+)"
    r"|(?P<ko>[^.!?\n]+?)(?:을|를)\s*(?:포함|중심|다루|담)",
    re.IGNORECASE,
)
# Minutes belong to what they are minutes of: "3월 영업 회의록", not "3월 영업".
_KO_RECORD = re.compile("회의록")
_SPLIT_ITEMS = re.compile(
    r"\s*,\s*(?:and\s+|그리고\s+)?|\s+and\s+|\s*및\s*|(?<=[가-힣])(?:와|과)\s+"
)


def find_subject(text: str, mentions: Sequence[Mention], language: Language) -> str:
    """Return what the goal is about, at most 60 characters; empty when it does not say."""
    found = (
        _korean_subject(text, mentions) if language == "ko" else _english_subject(text, mentions)
    )
    return found if len(found) <= _MOST_CHARS else _shortened(found)


def document_modifiers(text: str, mentions: Sequence[Mention], subject: str) -> str:
    """Return what a goal calls its document by: "market" of "a market brief on batteries"."""
    for mention in mentions:
        if mention.role is Role.WANTED and mention.kind is Deliverable.DOCUMENT:
            words = _modifiers(text[: mention.start])
            own, whole = words.lower(), subject.lower()
            is_subject = not words or own in whole or (bool(whole) and whole in own)
            return "" if is_subject or len(words.split()) > 2 else words
    return ""


def asked_aspects(text: str) -> tuple[str, ...]:
    """Return the points that the goal lists: "covering demand, policy and risks"."""
    match = _LIST_AFTER.search(_LANGUAGE.sub(" ", text))
    if match is None:
        return ()
    listed = _EN_STOPS.split(match.group("items") or "")[0] or match.group("ko") or ""
    items = [_EN_HEAD.sub("", item).strip() for item in _SPLIT_ITEMS.split(listed)]
    named = [i for i in items if 1 < len(i) <= 40 and not ANY_NAMED.search(i) and tokens(i)]
    return tuple(dict.fromkeys(named)) if len(items) > 1 else ()


def _english_subject(text: str, mentions: Sequence[Mention]) -> str:
    plain = _LANGUAGE.sub(" ", _FILE_NAME.sub(" ", text)) if _FILE_NAME.search(text) else text
    candidates = [_after(plain, m.end()) for m in _AFTER_ABOUT.finditer(plain)]
    for mention in mentions:
        if mention.role is Role.WANTED:
            linked = _AFTER_NOUN.match(text[mention.end :])
            if linked:
                candidates.append(_after(text, mention.end + linked.end()))
    candidates += [_after(plain, m.end()) for m in _AFTER_VERB.finditer(plain)]
    candidates += [_modifiers(text[: m.start]) for m in mentions if m.role is Role.WANTED]
    return next((c for c in candidates if _is_subject(c, _EN_GENERIC)), "")


def _after(text: str, start: int) -> str:
    rest = _LANGUAGE.split(text[start:])[0]
    stop = _EN_STOPS.search(rest)
    piece = rest[: stop.start()] if stop else rest
    named = ANY_NAMED.search(piece)
    if named and named.start() == 0:
        return ""
    piece = piece[: named.start()] if named else piece
    return _tidied(piece, _EN_HEAD, _EN_TAIL)


def _modifiers(before: str) -> str:
    match = _EN_MODIFIERS.search(before)
    if match is None:
        return ""
    found = match.group(1) or match.group(2)
    words = [w for w in found.split() if w.lower() not in PLAIN_WORDS and not w[0].isdigit()]
    words = [w for w in words if not re.search(r"-(?:page|slide|pager)$", w, re.IGNORECASE)]
    return _tidied(" ".join(words), _EN_HEAD, _EN_TAIL)


def _korean_subject(text: str, mentions: Sequence[Mention]) -> str:
    plain = _FILE_NAME.sub(" ", text)
    candidates = [m.group("topic") for m in _KO_ABOUT.finditer(plain)]
    candidates += [m.group("topic") for m in _KO_OBJECT.finditer(plain)]
    for mention in mentions:
        if mention.role is Role.WANTED:
            record = _KO_RECORD.match(text, mention.start)
            before = text[: record.end() if record else mention.start]
            candidates.append(re.split(r"[.!?\n,]", before)[-1])
    cleaned = (_korean_cleaned(candidate) for candidate in candidates)
    named = (c for c in cleaned if not _KO_RECORD.fullmatch(c))
    return next((c for c in named if _is_subject(c, _KO_GENERIC)), "")


def _is_subject(candidate: str, generic: re.Pattern[str]) -> bool:
    """Say whether a candidate names something: not "the files", not a count, not a stop word."""
    words = [word for word in candidate.lower().split() if word not in PLAIN_WORDS]
    words = [word for word in words if word not in QUALIFIERS]
    return bool(words) and bool(tokens(" ".join(words))) and not generic.match(candidate)


def _korean_cleaned(candidate: str) -> str:
    piece = _LANGUAGE.sub(" ", _KO_BEFORE.sub("", _FILE_NAME.sub(" ", candidate)))
    names = list(ANY_NAMED.finditer(piece))
    if names:
        last = names[-1]
        record = _KO_RECORD.match(piece, last.start())
        kept = record.end() if record else last.start()
        piece = piece[last.end() :] if last.end() < len(piece) - 3 else piece[:kept]
        piece = re.sub(
            r"^(?:\s*(?:내용|결과|자료)(?=[을를]))?(?:을|를|은|는|과|와|의|으로|로|도|만|에)\s*",
            "",
            piece,
        )
        if len(piece.strip()) < _LEAST_KOREAN and names[0].start() > 0:
            piece = _FILE_NAME.sub(" ", candidate)[: len(candidate)]
    modified = _KO_MODIFIED.match(piece.strip())
    if modified:
        piece = " ".join(part for part in (modified["by"], modified["what"]) if part)
    return _tidied(piece, _KO_HEAD, _KO_TAIL)


def _tidied(piece: str, head: re.Pattern[str], tail: re.Pattern[str]) -> str:
    cleaned = " ".join(piece.split()).strip(" \"'\u201c\u201d\u2018\u2019()[]")
    cleaned = head.sub("", cleaned)
    while (shorter := tail.sub("", cleaned)) != cleaned:
        cleaned = shorter
    return cleaned.strip(" ,")


def _shortened(subject: str) -> str:
    cut = subject[:_MOST_CHARS].rsplit(" ", 1)[0]
    return _EN_TAIL.sub("", cut)
