"""The words of a plan, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.builtin.korean import with_particle
from app.agents.builtin.titles import KIND_LABELS
from app.agents.builtin.vocabulary import Deliverable, DocumentKind
from app.schemas.source import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """Titles of steps and notices of one language."""

    language: Language
    review: str
    figures: str
    compare: str
    only_files: str
    length: str
    guessed: str
    partly: str
    no_tables: str
    foreign: str
    minutes: str
    too_many: str
    too_few: str

    def read(self, names: Sequence[str]) -> str:
        """Return the title of a reading step."""
        if len(names) > 2:
            return _READ_MANY[self.language].format(count=len(names))
        if self.language == "ko":
            return f"{with_particle(', '.join(names), '을')} 읽고 사실을 모읍니다"
        return f"Read {' and '.join(names)} and collect the findings"

    def make(self, made: Deliverable, kind: DocumentKind, slides: int) -> str:
        """Return the title of a step that makes a file."""
        label = KIND_LABELS[self.language][kind]
        if self.language == "ko":
            return {
                Deliverable.DOCUMENT: f"{with_particle(label, '을')} 작성합니다",
                Deliverable.WORKBOOK: "수식과 차트가 있는 스프레드시트를 만듭니다",
                Deliverable.DECK: f"발표 자료 {slides}장을 구성합니다",
            }[made]
        return {
            Deliverable.DOCUMENT: f"Write the {label.lower()}",
            Deliverable.WORKBOOK: "Build the workbook with formulas and charts",
            Deliverable.DECK: f"Design the {slides}-slide deck",
        }[made]


_READ_MANY = {
    "en": "Read {count} files and collect the findings",
    "ko": "파일 {count}개를 읽고 사실을 모읍니다",
}
_WORDS: Mapping[Language, PlanWords] = {
    "en": PlanWords(
        language="en",
        review="Check the results and sum up",
        figures="Work out the figures in the tables",
        compare="Compare what the files say about the same things",
        only_files="Read only these files: {files}",
        length="Length in pages: {pages}.",
        guessed=(
            "The goal does not name a kind of file, so the plan makes what fits it best. "
            "Remove the steps that you do not need."
        ),
        partly=(
            "Madang makes documents, workbooks and decks; the rest of the goal is not part "
            "of the plan."
        ),
        no_tables=(
            "The files hold no tables, so the workbook lists the findings with their sources."
        ),
        foreign=(
            "The files are in Korean. Without a language model nothing is translated: "
            "quoted sentences stay in Korean."
        ),
        minutes=(
            "For {minutes} minutes of talk the deck gets {slides} slides; change the number "
            "if you like."
        ),
        too_many="A deck has at most {most} slides; {asked} were asked for.",
        too_few="A deck has at least {slides} slides: a title and one more.",
    ),
    "ko": PlanWords(
        language="ko",
        review="결과를 점검하고 정리합니다",
        figures="표의 수치를 계산합니다",
        compare="같은 내용을 파일끼리 비교합니다",
        only_files="다음 파일만 읽습니다: {files}",
        length="분량: 약 {pages}쪽.",
        guessed=(
            "목표에 파일 종류가 없어 가장 알맞은 것을 만들도록 계획했습니다. 필요 없는 "
            "단계는 지우세요."
        ),
        partly=(
            "마당은 문서, 스프레드시트, 발표 자료를 만듭니다. 나머지 요청은 계획에 넣지 않았습니다."
        ),
        no_tables="파일에 표가 없어 스프레드시트에는 찾은 사실과 출처를 정리합니다.",
        foreign=(
            "파일이 영어로 되어 있습니다. 언어 모델 없이는 번역하지 않으므로 인용 문장은 영어 "
            "그대로 둡니다."
        ),
        minutes=(
            "발표 시간 {minutes}분에 맞춰 슬라이드를 {slides}장으로 잡았습니다. 원하면 "
            "장수를 바꾸세요."
        ),
        too_many="발표 자료는 최대 {most}장까지 만듭니다. 요청은 {asked}장이었습니다.",
        too_few="발표 자료는 제목을 포함해 최소 {slides}장입니다.",
    ),
}


def plan_words(language: Language) -> PlanWords:
    """Return the words of a language."""
    return _WORDS[language]
