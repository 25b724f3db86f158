"""What a review says of a finished file: its faults, its score, and which version was kept."""

from enum import StrEnum

from pydantic import Field

from app.schemas.base import Frozen


class FaultKind(StrEnum):
    """What a fault is against; each kind has its part of the 100 points."""

    FACTS = "facts"
    COMPLETENESS = "completeness"
    CONSISTENCY = "consistency"
    CITATIONS = "citations"
    FORMATTING = "formatting"


class FaultCode(StrEnum):
    """Which check found a fault; `judged`: the model did."""

    QUOTE_CHANGED = "quote_changed"
    NUMBER_UNTRACED = "number_untraced"
    EMPTY = "empty"
    SECTION_MISSING = "section_missing"
    SLIDE_COUNT = "slide_count"
    WRONG_LANGUAGE = "wrong_language"
    FIGURES_DIFFER = "figures_differ"
    CLAIM_UNCITED = "claim_uncited"
    SOURCES_MISSING = "sources_missing"
    CHECK_FAILED = "check_failed"
    JUDGED = "judged"


class Fault(Frozen):
    """One fault. `message` is a sentence to the user, in the language of the task.

    `written` is the text, figure or quote that is wrong, as it stands; `expected` is what should
    stand instead, where that is known. `place` says where.
    """

    kind: FaultKind
    code: FaultCode
    message: str
    place: str = ""
    written: str = ""
    expected: str = ""
    points: int = Field(ge=0, le=100)


class ReviewRound(Frozen):
    """One version of a file as it was reviewed."""

    number: int = Field(ge=1)
    score: int = Field(ge=0, le=100)
    faults: tuple[Fault, ...] = ()


class ReviewReport(Frozen):
    """The review of a file: every version, and the one that was kept.

    `judged_by` names the model that took part in the judgement; None: the rules alone.
    """

    score: int = Field(ge=0, le=100)
    kept_round: int = Field(ge=1)
    rounds: tuple[ReviewRound, ...]
    judged_by: str | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of the version that was kept."""
        return next(r.faults for r in self.rounds if r.number == self.kept_round)
