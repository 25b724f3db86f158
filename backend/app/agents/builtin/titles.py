"""Titles: of the task, its files and its kind of document."""

import re
from collections.abc import Mapping

from app.agents.builtin.naming import table_title
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
_DEFAULT = {"en": "What the files say", "ko": "자료 정리"}
_FILE_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_NO_TITLE = re.compile(
    r"^(?:untitled.*|document\d*|sheet\s*\d*|presentation\d*|microsoft word.*|powerpoint presentation|제목 없음.*|)$",
    re.IGNORECASE,
)
_MOST_CHARS = 70


def subject_title(request: Request, library: SourceLibrary) -> str:
    """Return the title of what is made: the goal's subject, else the topic of the files."""
    subject = request.subject or files_topic(library) or _DEFAULT[request.language]
    return subject[:1].upper() + subject[1:]


def task_title(request: Request, subject: str) -> str:
    """Return the title of the task: "Brief: home batteries in Korea"."""
    if Deliverable.DOCUMENT not in request.wanted:
        return subject
    label = KIND_LABELS[request.language][request.document_kind]
    if label.lower() in subject.lower():
        return subject
    return f"{subject} {label}" if request.language == "ko" else f"{label}: {_lowered(subject)}"


def files_topic(library: SourceLibrary) -> str:
    """Return a title for the files together: the one that most other titles share words with."""
    titles = [title for extract in library.extracts if (title := extract_title(extract))]
    if not titles:
        return ""
    words = [set(tokens(title)) for title in titles]

    def shared(place: int) -> tuple[int, int]:
        own = words[place]
        return (sum(len(own & other) for other in words), -place)

    return titles[max(range(len(titles)), key=shared)]


def extract_title(extract: Extract) -> str:
    """Return a file's own title, a table's title, or its name in words."""
    title = " ".join(_FILE_ENDING.sub("", extract.title).split())
    if title == extract.title.strip() and not _NO_TITLE.match(title) and len(title) <= _MOST_CHARS:
        return title
    if extract.tables and len(extract.passages) <= 3 * len(extract.tables):
        return table_title(extract.tables[0])
    stem = _FILE_ENDING.sub("", extract.file_name)
    words = " ".join(re.sub(r"[_\-.]+", " ", stem).split())
    return words[:1].upper() + words[1:]


def _lowered(subject: str) -> str:
    """Lower the first letter after a colon, unless the word is a name or an acronym."""
    first = subject.split(" ", 1)[0]
    is_plain = first[1:].islower() and first.lower() in _COMMON_FIRST_WORDS
    return subject[:1].lower() + subject[1:] if is_plain else subject


_COMMON_FIRST_WORDS = frozenset(
    "home market sales revenue customer customers energy budget battery batteries new annual monthly "
    "quarterly regional product price prices cost costs survey project renewable electric solar "
    "office house housing results comparison supplier suppliers team staff employee remote".split()
)
