"""The fixed words of documents, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.agents.builtin.korean import with_particle
from app.agents.builtin.vocabulary import DocumentKind
from app.schemas.source import Language

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWords:
    """Headings and sentences of one language."""

    language: Language
    key: str
    figures: str
    other: str
    disagreements: str
    limits: str
    left_open: str
    method: str
    method_rounding: str
    foreign: str
    table_of: str
    no_text: str
    answer: str

    def month(self, day: date) -> str:
        """Say a month: "November 2026", "2026년 11월"."""
        if self.language == "ko":
            return f"{day.year}년 {day.month}월"
        return f"{_MONTHS[day.month - 1]} {day.year}"

    def based_on(self, names: Sequence[str]) -> str:
        """Say which files a document rests on."""
        if self.language == "ko":
            listed = names[0] if len(names) == 1 else f"{names[0]} 외 {len(names) - 1}개 파일"
            shown = ", ".join(names) if 1 < len(names) <= 3 else listed
            return f"{with_particle(shown, '을')} 바탕으로 작성"
        if len(names) <= 3:
            return f"Based on {_joined(names)}"
        return f"Based on {names[0]}, {names[1]} and {len(names) - 2} more files"

    def limits_of(self, kind: DocumentKind) -> str:
        """Return the heading of the limits, by the kind of document."""
        return self.limits.format(kind=_KINDS[self.language][kind])


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_KINDS: Mapping[Language, Mapping[DocumentKind, str]] = {
    "en": {
        DocumentKind.BRIEF: "brief",
        DocumentKind.REPORT: "report",
        DocumentKind.MEMO: "memo",
        DocumentKind.ONE_PAGER: "summary",
        DocumentKind.SUMMARY: "summary",
        DocumentKind.ANSWER: "answer",
        DocumentKind.PROPOSAL: "proposal",
    },
    "ko": {
        DocumentKind.BRIEF: "브리프",
        DocumentKind.REPORT: "보고서",
        DocumentKind.MEMO: "메모",
        DocumentKind.ONE_PAGER: "요약",
        DocumentKind.SUMMARY: "요약",
        DocumentKind.ANSWER: "답변",
        DocumentKind.PROPOSAL: "제안서",
    },
}
_WORDS: Mapping[Language, DocumentWords] = {
    "en": DocumentWords(
        language="en",
        key="Key points",
        figures="What the figures show",
        other="Other points",
        disagreements="Where the sources disagree",
        limits="Limits of this {kind}",
        left_open="What the files do not say",
        method=(
            "This text was put together without a language model: its statements are sentences "
            "of the "
            "files, word for word, and its figures are computed from their tables."
        ),
        method_rounding="Figures in the text are rounded; tables and workbooks hold them in full.",
        foreign=(
            "The files are in Korean and are quoted in Korean, because nothing is translated "
            "without a model."
        ),
        table_of="{title}",
        no_text="The files hold tables only; the text below is computed from them.",
        answer="In short",
    ),
    "ko": DocumentWords(
        language="ko",
        key="핵심 요약",
        figures="수치로 본 현황",
        other="그 밖의 내용",
        disagreements="자료가 서로 다른 부분",
        limits="이 {kind}의 한계",
        left_open="자료에 없는 내용",
        method=(
            "이 글은 언어 모델 없이 작성했습니다. 서술은 파일의 문장을 그대로 옮긴 것이고, "
            "수치는 파일의 표에서 계산한 것입니다."
        ),
        method_rounding="본문의 수치는 반올림했으며, 표와 스프레드시트에는 원래 값이 있습니다.",
        foreign=(
            "파일이 영어로 되어 있어 인용 문장은 영어 그대로 두었습니다. 모델 없이는 "
            "번역하지 않습니다."
        ),
        table_of="{title}",
        no_text="파일에 표만 있어 아래 글은 표에서 계산한 내용입니다.",
        answer="답변",
    ),
}


def document_words(language: Language) -> DocumentWords:
    """Return the words of a language."""
    return _WORDS[language]
