"""One goal of the table, and short ways to write one down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app.schemas.source import Language
from app.services.files import Upload

DOCX, XLSX, PPTX = ".docx", ".xlsx", ".pptx"
UNCLEAR, NO_SOURCE, NO_TEXT = "goal_unclear", "nothing_to_work_from", "file_has_no_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalCase:
    """One goal. Either `makes` says the kinds of file, or `refused` the code of the refusal.

    `slides` is the exact number of slides; with `is_short` there may be fewer, and the user is
    told. `never` are words that may stand in no file; `says` are words that some file must hold.
    """

    name: str
    goal: str
    files: Callable[[], Sequence[Upload]] = tuple
    makes: frozenset[str] = frozenset()
    refused: str = ""
    slides: int | None = None
    is_short: bool = False
    language: Language = "en"
    never: tuple[str, ...] = field(default=())
    says: tuple[str, ...] = field(default=())

    @property
    def is_korean(self) -> bool:
        """Whether the goal is written in Korean."""
        return any("가" <= letter <= "힣" for letter in self.goal)


def made(
    name: str,
    goal: str,
    files: Callable[[], Sequence[Upload]],
    *makes: str,
    says: Sequence[str] = (),
) -> GoalCase:
    """Return a goal that ends with these kinds of file, in its own language."""
    case = GoalCase(name=name, goal=goal, files=files, makes=frozenset(makes), says=tuple(says))
    return replace(case, language="ko") if case.is_korean else case


def refused(name: str, goal: str, code: str, *files: Upload) -> GoalCase:
    """Return a goal that is refused."""
    return GoalCase(name=name, goal=goal, files=lambda: files, refused=code)


def with_slides(case: GoalCase, count: int, *, is_short: bool = False) -> GoalCase:
    """Return the goal with the number of slides that its deck has."""
    return replace(case, slides=count, is_short=is_short)


def without(case: GoalCase, *never: str) -> GoalCase:
    """Return the goal with words that may stand in none of its files."""
    return replace(case, never=never)
