"""Faults in words, in both languages."""

from collections.abc import Mapping

from app.agents.review.rubric import POINTS
from app.schemas.review import Fault, FaultCode, FaultKind
from app.schemas.source import Language

MAX_WRITTEN = 240
_KINDS = {
    FaultCode.QUOTE_CHANGED: FaultKind.FACTS,
    FaultCode.NUMBER_UNTRACED: FaultKind.FACTS,
    FaultCode.EMPTY: FaultKind.COMPLETENESS,
    FaultCode.SECTION_MISSING: FaultKind.COMPLETENESS,
    FaultCode.SLIDE_COUNT: FaultKind.COMPLETENESS,
    FaultCode.WRONG_LANGUAGE: FaultKind.COMPLETENESS,
    FaultCode.FIGURES_DIFFER: FaultKind.CONSISTENCY,
    FaultCode.CLAIM_UNCITED: FaultKind.CITATIONS,
    FaultCode.SOURCES_MISSING: FaultKind.CITATIONS,
    FaultCode.CHECK_FAILED: FaultKind.FORMATTING,
}
_WORDS: Mapping[Language, Mapping[FaultCode, str]] = {
    "en": {
        FaultCode.QUOTE_CHANGED: (
            "The quote “{written}” does not stand word for word in its source."
        ),
        FaultCode.NUMBER_UNTRACED: (
            "The number {written} stands in no source and follows from no table."
        ),
        FaultCode.EMPTY: "The file has no content.",
        FaultCode.SECTION_MISSING: "Nothing is said of “{written}”, which was asked for.",
        FaultCode.SLIDE_COUNT: "The deck has {written} slides; {expected} were asked for.",
        FaultCode.WRONG_LANGUAGE: "The file is not written in English.",
        FaultCode.FIGURES_DIFFER: "{name}: {written} here, {expected} in {other}.",
        FaultCode.CLAIM_UNCITED: "A figure has no source: “{written}”.",
        FaultCode.SOURCES_MISSING: "The list of sources is missing.",
        FaultCode.CHECK_FAILED: "The file's check “{name}” failed: {written}",
    },
    "ko": {
        FaultCode.QUOTE_CHANGED: "인용문 “{written}”이(가) 출처에 그대로 있지 않습니다.",
        FaultCode.NUMBER_UNTRACED: "수치 {written}의 근거가 출처에도 표에도 없습니다.",
        FaultCode.EMPTY: "파일에 내용이 없습니다.",
        FaultCode.SECTION_MISSING: "요청한 “{written}”에 관한 내용이 없습니다.",
        FaultCode.SLIDE_COUNT: "슬라이드가 {written}장입니다. 요청은 {expected}장입니다.",
        FaultCode.WRONG_LANGUAGE: "파일이 한국어로 작성되지 않았습니다.",
        FaultCode.FIGURES_DIFFER: "{name}: 여기는 {written}, {other}에는 {expected}입니다.",
        FaultCode.CLAIM_UNCITED: "출처가 없는 수치가 있습니다: “{written}”",
        FaultCode.SOURCES_MISSING: "출처 목록이 없습니다.",
        FaultCode.CHECK_FAILED: "파일 검사 “{name}” 실패: {written}",
    },
}


def fault(
    code: FaultCode,
    language: Language,
    *,
    place: str = "",
    written: str = "",
    expected: str = "",
    **words: str,
) -> Fault:
    """Return a fault with its sentence and its points."""
    short = written if len(written) <= MAX_WRITTEN else f"{written[: MAX_WRITTEN - 1]}…"
    message = _WORDS[language][code].format(written=short, expected=expected, **words)
    return Fault(
        kind=_KINDS[code],
        code=code,
        message=message,
        place=place,
        written=written,
        expected=expected,
        points=POINTS[code],
    )


def judged(kind: FaultKind, problem: str, place: str) -> Fault:
    """Return a fault that the model found."""
    return Fault(
        kind=kind,
        code=FaultCode.JUDGED,
        message=problem,
        place=place,
        points=POINTS[FaultCode.JUDGED],
    )
