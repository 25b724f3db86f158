"""The result of the gate that every file passes before its task may call it done."""

from app.schemas.base import Frozen
from app.schemas.review import ReviewReport


class GateCheck(Frozen):
    """One check of one file. `detail` says what was found, in a sentence, when it failed."""

    name: str
    passed: bool
    detail: str = ""


class GateReport(Frozen):
    """All checks of one file, and its review once there was one."""

    checks: tuple[GateCheck, ...]
    review: ReviewReport | None = None

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[GateCheck, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)


class RenderedFile(Frozen):
    """A finished file in memory, with its gate report."""

    name: str
    media_type: str
    content: bytes
    report: GateReport
