"""Goals that cannot be met, and what to say about them."""

import re

from app.agents.builtin.request import Request
from app.agents.errors import GoalUnclear, NothingToWorkFrom
from app.schemas.source import Language
from app.sources import tokens

_LETTERS = re.compile(r"[A-Za-z가-힣]")
_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|test(?:ing)?|help|thanks?|thank you|ok|okay|yo|안녕(?:하세요)?|테스트"
    r"|도와\s?줘|고마워|감사합니다|ㅎㅎ+|ㅋㅋ+)[\s.!?~]*$",
    re.IGNORECASE,
)
_MASHED = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{5,}|^[^aeiouy]{3,}$|q(?!u)|(?:asdf|sdf|qwer|wert|zxcv|hjkl)",
    re.IGNORECASE,
)
_UNSUPPORTED = {
    "en": (
        "Madang makes documents, workbooks and slide decks from your files; it cannot do this. "
        'Ask for one of those, for example "Summarise the attached report in five slides".'
    ),
    "ko": (
        "마당은 올린 파일로 문서, 스프레드시트, 발표 자료를 만듭니다. 이 일은 할 수 없습니다. "
        '예를 들어 "첨부한 보고서를 슬라이드 5장으로 요약해 줘"처럼 적어 주세요.'
    ),
}
_UNCLEAR = {
    "en": (
        "This does not say what to make. Name a document, a workbook or a deck and what it is "
        "about, "
        'for example "Write a two-page brief on the attached sales figures".'
    ),
    "ko": (
        "무엇을 만들지 알 수 없습니다. 문서, 스프레드시트, 발표 자료 가운데 무엇을 어떤 "
        "내용으로 만들지 적어 주세요. "
        '예: "첨부한 매출 자료로 두 쪽짜리 브리프를 써 줘".'
    ),
}
_NO_FILES = {
    "en": (
        "There are no files to work from. Without a language model nothing true can be written "
        "about "
        "this: add files with the facts or figures, or set a model in the settings."
    ),
    "ko": (
        "바탕이 될 파일이 없습니다. 언어 모델 없이는 사실을 지어내지 않고 쓸 수 없습니다. "
        "사실이나 수치가 담긴 파일을 올리거나 설정에서 모델을 지정해 주세요."
    ),
}
_NO_TEXT = {
    "en": (
        "No text or tables could be read in the files given. Add files with text (not scans), "
        "or set a model in the settings."
    ),
    "ko": (
        "올린 파일에서 읽을 수 있는 글이나 표를 찾지 못했습니다. "
        "스캔본이 아닌 텍스트 파일을 올리거나 설정에서 모델을 지정해 주세요."
    ),
}
_ALL_EXCLUDED = {
    "en": "Every kind of file is ruled out by this goal. Say which one to make.",
    "ko": "이 목표는 모든 종류의 파일을 제외합니다. 무엇을 만들지 적어 주세요.",
}


def refuse_what_is_no_order(request: Request) -> None:
    """Raise `GoalUnclear` for greetings, punctuation, typing at random and unsupported work."""
    language = request.language
    if is_nonsense(request.text):
        raise GoalUnclear(_UNCLEAR[language])
    if request.is_unsupported and not request.wanted:
        raise GoalUnclear(_UNSUPPORTED[language])


def unclear(language: Language) -> GoalUnclear:
    """Return the error for a goal that does not say what to make."""
    return GoalUnclear(_UNCLEAR[language])


def nothing_left(language: Language) -> GoalUnclear:
    """Return the error for a goal that rules out every kind of file."""
    return GoalUnclear(_ALL_EXCLUDED[language])


def nothing_to_work_from(language: Language, *, has_files: bool) -> NothingToWorkFrom:
    """Return the error for a goal without files, or with files that hold no text."""
    return NothingToWorkFrom((_NO_TEXT if has_files else _NO_FILES)[language])


def is_nonsense(text: str) -> bool:
    """Say whether a text holds no words: punctuation, emoji, a greeting, typing at random."""
    if len(_LETTERS.findall(text)) < 2 or _GREETING.match(text):
        return True
    words = re.findall(r"[A-Za-z]+|[가-힣]+", text)
    latin = [word for word in words if word.isascii()]
    if len(latin) < len(words):
        return False
    mashed = [word for word in latin if _MASHED.search(word) and not word.isupper()]
    is_mashed = bool(latin) and len(mashed) * 2 >= len(latin)
    return is_mashed or (not tokens(text) and len(words) < 2)
