"""The words of a workbook, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.schemas.source import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookWords:
    """Names of sheets, columns and figures of one language."""

    language: Language
    summary: str
    summary_note: str
    source_note: str
    growth: str
    share: str
    per_unit: str
    change_between: str
    total: str
    average: str
    latest: str
    change: str
    yearly: str
    top_share: str
    by: str
    by_at: str
    findings: str
    findings_note: str
    topic: str
    statement: str
    kind: str
    file: str
    place: str
    count: str
    count_of: str
    topics_count: str
    files_count: str
    kinds: Mapping[str, str]
    grains: Mapping[str, str]


_WORDS: Mapping[Language, WorkbookWords] = {
    "en": WorkbookWords(
        language="en",
        summary="Summary",
        summary_note=(
            "Every figure here is a live formula on the data sheets; change the data and it "
            "follows."
        ),
        source_note="{rows} rows from {file}, {locator}.",
        growth="{name}, change",
        share="{name}, share",
        per_unit="{value} per {volume}",
        change_between="Change {start} to {end}",
        total="Total {name}",
        average="Average {name}",
        latest="{name}, {period}",
        change="{name}, change {start} to {end}",
        yearly="{name}, average annual growth",
        top_share="Share of {label}",
        by="{name} by {dimension}",
        by_at="{name} by {dimension}, {period}",
        findings="Findings",
        findings_note=(
            "Sentences of the files word for word, and figures computed from their tables."
        ),
        topic="Topic",
        statement="Statement",
        kind="Kind",
        file="File",
        place="Place",
        count="Findings",
        count_of="Findings by topic",
        topics_count="Topics",
        files_count="Files cited",
        kinds={
            "fact": "Fact",
            "figure": "Figure",
            "context": "Context",
            "contradiction": "Disagreement",
        },
        grains={"year": "year", "month": "month", "day": "day"},
    ),
    "ko": WorkbookWords(
        language="ko",
        summary="요약",
        summary_note=(
            "이 시트의 수치는 모두 데이터 시트를 참조하는 수식이며, 데이터를 고치면 함께 바뀝니다."
        ),
        source_note="{file}, {locator}에서 가져온 {rows}개 행입니다.",
        growth="{name} 증감률",
        share="{name} 비중",
        per_unit="{volume}당 {value}",
        change_between="{start}~{end} 증감률",
        total="{name} 합계",
        average="평균 {name}",
        latest="{period} {name}",
        change="{name} 증감률, {start}~{end}",
        yearly="{name} 연평균 증감률",
        top_share="{label} 비중",
        by="{dimension}별 {name}",
        by_at="{period} {dimension}별 {name}",
        findings="사실 목록",
        findings_note="파일의 문장을 그대로 옮긴 것과 표에서 계산한 수치입니다.",
        topic="주제",
        statement="내용",
        kind="구분",
        file="파일",
        place="위치",
        count="건수",
        count_of="주제별 건수",
        topics_count="주제 수",
        files_count="인용한 파일 수",
        kinds={"fact": "사실", "figure": "수치", "context": "배경", "contradiction": "불일치"},
        grains={"year": "연도", "month": "월", "day": "날짜"},
    ),
}


def workbook_words(language: Language) -> WorkbookWords:
    """Return the words of a language."""
    return _WORDS[language]
