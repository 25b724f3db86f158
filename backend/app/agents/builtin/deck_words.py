"""The fixed words of decks, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.schemas.source import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckWords:
    """Eyebrows and titles of one language."""

    language: Language
    summary: str
    summary_title: str
    figures: str
    themes: str
    themes_title: str
    themes_of: str
    detail: str
    table_title: str
    quote: str
    disagreements: str
    disagreements_title: str
    one_disagreement: str
    gaps: str
    gaps_title: str
    sources: str
    counts: tuple[str, ...]
    computed_note: str
    facts_note: str


_WORDS: Mapping[Language, DeckWords] = {
    "en": DeckWords(
        language="en",
        summary="Summary",
        summary_title="What matters most",
        figures="Figures",
        themes="Themes",
        themes_title="{count} themes stand out in the files",
        themes_of="{theme}",
        detail="Detail",
        table_title="{title} at a glance",
        quote="In their words",
        disagreements="To be settled",
        disagreements_title="The sources disagree on {count} points",
        one_disagreement="The sources disagree on one point",
        gaps="Limits",
        gaps_title="What the files leave open",
        sources="Sources",
        counts=("", "One", "Two", "Three", "Four"),
        computed_note=(
            "Computed from {file}, {locator}. Growth = last / first - 1; share = part / total."
        ),
        facts_note=(
            "Sentences of the files, shortened at clause ends; the full text is in the sources."
        ),
    ),
    "ko": DeckWords(
        language="ko",
        summary="요약",
        summary_title="핵심은 다음과 같습니다",
        figures="수치",
        themes="주제",
        themes_title="자료에서 두드러진 주제는 {count} 가지입니다",
        themes_of="{theme}",
        detail="세부 내용",
        table_title="한눈에 보는 {title}",
        quote="원문",
        disagreements="확인 필요",
        disagreements_title="자료가 {count} 가지 점에서 서로 다릅니다",
        one_disagreement="자료가 한 가지 점에서 서로 다릅니다",
        gaps="한계",
        gaps_title="자료에서 답을 찾지 못한 부분",
        sources="출처",
        counts=("", "한", "두", "세", "네"),
        computed_note=(
            "{file}, {locator}의 값으로 계산했습니다. 증감률 = 마지막 값 / 처음 값 - 1, 비중 "
            "= 부분 / 전체."
        ),
        facts_note="파일의 문장을 절 단위로 줄였으며, 전체 문장은 출처에 있습니다.",
    ),
}


def deck_words(language: Language) -> DeckWords:
    """Return the words of a language."""
    return _WORDS[language]
