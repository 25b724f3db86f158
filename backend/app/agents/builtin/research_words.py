"""The words in which research reports, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.builtin.contradictions import Contradiction, Side
from app.agents.results import Finding
from app.schemas.source import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchWords:
    """Sentences about the sources in one language."""

    language: Language
    key_points: str
    disagreement: str
    nothing_on: str
    left_out: str
    empty_cells: str
    off_topic: str

    def summary(self, findings: Sequence[Finding], files: int) -> str:
        """Say how much was found."""
        figures = sum(finding.kind == "figure" for finding in findings)
        points = len(findings)
        if self.language == "ko":
            computed = f" 그중 {figures}건은 표에서 계산했습니다." if figures else ""
            return f"파일 {files}개에서 {points}건을 찾았습니다.{computed}"
        computed = f", {figures} of them worked out from tables" if figures else ""
        if figures == points and figures:
            computed = ", all worked out from tables"
        return f"Found {points} points in {_count(files, 'file')}{computed}."

    def contradiction(self, item: Contradiction) -> str:
        """Say both sides of a disagreement."""
        first = self._side(item.first)
        if item.second is None:
            return first
        second = self._side(item.second)
        if self.language == "ko":
            return f"{first} 반면 {second}"
        return f"{first} {second}"

    def _side(self, side: Side) -> str:
        if self.language == "ko":
            says = f"“{side.text.rstrip()}”라고 합니다." if side.passage else f"{side.text}입니다."
            return f"{side.file_name}에는 {says}"
        return f"{side.file_name} says “{side.text.rstrip()}”" + (
            "" if side.text.rstrip().endswith((".", "!", "?")) else "."
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_WORDS: Mapping[Language, ResearchWords] = {
    "en": ResearchWords(
        language="en",
        key_points="Key points",
        disagreement="Where the sources disagree",
        nothing_on="The files say nothing about “{aspect}”.",
        empty_cells=(
            "In “{table}”, cells of “{column}” are empty ({count}): sums leave them out, and "
            "periods that lack one are not compared."
        ),
        left_out=(
            "A passage in {file} ({locator}) gives orders to an AI assistant instead of facts; "
            "it was not used."
        ),
        off_topic="{file} says nothing about “{subject}”; it was not used.",
    ),
    "ko": ResearchWords(
        language="ko",
        key_points="주요 내용",
        disagreement="자료가 서로 다른 부분",
        nothing_on="파일에서 “{aspect}”에 관한 내용을 찾지 못했습니다.",
        empty_cells=(
            "“{table}”의 “{column}”에 빈 칸이 {count}개 있어 합계에서 빠졌고, 빈 칸이 있는 기간은 "
            "비교하지 않았습니다."
        ),
        left_out=(
            "{file}({locator})에는 사실이 아니라 AI에게 내리는 지시문이 있어 사용하지 않았습니다."
        ),
        off_topic="{file}에는 “{subject}”에 관한 내용이 없어 사용하지 않았습니다.",
    ),
}


def research_words(language: Language) -> ResearchWords:
    """Return the words of a language."""
    return _WORDS[language]
