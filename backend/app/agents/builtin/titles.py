"""Titles: of the task, its files and its kind of document."""

import re
from collections.abc import Mapping, Sequence

from app.agents.builtin.goal_words import COMMON_FIRST_WORDS
from app.agents.builtin.naming import table_title
from app.agents.builtin.pasted import PASTED_FILE_ID
from app.agents.builtin.request import Request
from app.agents.builtin.vocabulary import Deliverable, DocumentKind
from app.schemas.source import Extract, Language
from app.sources import SourceLibrary, tokens

KIND_LABELS: Mapping[Language, Mapping[DocumentKind, str]] = {
    "en": {
        DocumentKind.BRIEF: "Brief",
        DocumentKind.REPORT: "Report",
        DocumentKind.MEMO: "Memo",
        DocumentKind.ONE_PAGER: "One-page summary",
        DocumentKind.SUMMARY: "Summary",
        DocumentKind.ANSWER: "Answer",
        DocumentKind.PROPOSAL: "Proposal",
    },
    "ko": {
        DocumentKind.BRIEF: "브리프",
        DocumentKind.REPORT: "보고서",
        DocumentKind.MEMO: "메모",
        DocumentKind.ONE_PAGER: "한 장 요약",
        DocumentKind.SUMMARY: "요약",
        DocumentKind.ANSWER: "답변",
        DocumentKind.PROPOSAL: "제안서",
    },
}
_DEFAULT = {"en": "Summary of the material", "ko": "자료 정리"}
_FILE_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_NO_TITLE = re.compile(
    r"^(?:untitled.*|document\d*|sheet\s*\d*|presentation\d*|microsoft word.*"
    r"|powerpoint presentation|제목 없음.*|)$",
    re.IGNORECASE,
)
_LEAST_CHARS, _MOST_CHARS = 4, 70
_LONG_ACRONYM = 6
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


def kind_label(request: Request) -> str:
    """Return what the document is called: "Market brief", "보고서"."""
    label = KIND_LABELS[request.language][request.document_kind]
    if not request.modifiers or request.language == "ko":
        return label
    words = f"{request.modifiers} {label.lower()}"
    return words[:1].upper() + words[1:]


def subject_title(request: Request, library: SourceLibrary) -> str:
    """Return the title of what is made: the goal's subject, else the topic of the files."""
    topic = files_topic(library)
    if len(topic) < _LEAST_CHARS and request.modifiers:
        topic = kind_label(request)
    subject = request.subject or topic or _DEFAULT[request.language]
    return subject[:1].upper() + subject[1:]


def task_title(request: Request, subject: str) -> str:
    """Return the title of the task: "Brief: home batteries in Korea"."""
    if Deliverable.DOCUMENT not in request.wanted:
        return subject
    label = kind_label(request)
    if label.lower() in subject.lower():
        return subject
    return f"{subject} {label}" if request.language == "ko" else f"{label}: {_lowered(subject)}"


def files_topic(library: SourceLibrary) -> str:
    """Return a title for the files together: the one that most other titles share words with."""
    named = (e for e in library.extracts if e.file_id != PASTED_FILE_ID)
    titles = [title for extract in named if (title := extract_title(extract))]
    if len(titles) < 2:
        return "".join(titles)
    return _common_phrase(titles) or titles[0]


def _common_phrase(titles: Sequence[str]) -> str:
    """Return the longest run of words that most titles have, of at least two."""
    counts: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for title in titles:
        for phrase in {p.lower(): p for p in _phrases(title)}.items():
            counts[phrase[0]] = counts.get(phrase[0], 0) + 1
            spelt.setdefault(*phrase)
    shared = [phrase for phrase, count in counts.items() if count >= 2]
    best = max(shared, key=lambda p: (counts[p], len(p.split()), len(p)), default="")
    return spelt.get(best, "")


def _phrases(title: str) -> list[str]:
    words = re.findall(r"[\w'&%/]+", title)
    spans = [words[i:j] for i in range(len(words)) for j in range(i + 2, len(words) + 1)]
    return [" ".join(s) for s in spans if tokens(s[0]) and tokens(s[-1]) and not s[0].isdigit()]


def extract_title(extract: Extract) -> str:
    """Return a file's own title, a table's title, or its name in words."""
    title = " ".join(_FILE_ENDING.sub("", extract.title).split())
    is_name = title != " ".join(extract.title.split()) or title == _FILE_ENDING.sub(
        "", extract.file_name
    )
    if not is_name and not _NO_TITLE.match(title) and len(title) <= _MOST_CHARS:
        plain = _BRACKETED.sub("", title) or title
        return plain.capitalize() if plain.isupper() and len(plain) > _LONG_ACRONYM else plain
    if extract.tables and len(extract.passages) <= 3 * len(extract.tables):
        return table_title(extract.tables[0])
    stem = _FILE_ENDING.sub("", extract.file_name)
    words = " ".join(re.sub(r"[_\-.]+", " ", stem).split())
    return words[:1].upper() + words[1:]


def _lowered(subject: str) -> str:
    """Lower the first letter after a colon, unless the word is a name or an acronym."""
    first = subject.split(" ", 1)[0]
    is_plain = first[1:].islower() and first.lower() in COMMON_FIRST_WORDS
    return subject[:1].lower() + subject[1:] if is_plain else subject
