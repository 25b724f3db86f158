"""How the engine says that a step is no longer this worker's to write, or cannot go on."""

from app.core.errors import Conflict, Limited, Unavailable


class Stale(Conflict):
    """Another attempt has taken this step over, or it was stopped: write nothing."""

    code = "stale_attempt"


class StepChanged(Conflict):
    """The step asks its model something else than what was recorded under the same number."""

    code = "step_changed"


class StepTimeout(Unavailable):
    """A step ran longer than any step may; it may be quicker at the next try."""

    code = "step_timeout"

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"The step took longer than {limit_s:.0f} s and was stopped.")


class StepDeadline(Limited):
    """A step passed the deadline that its plan gives it: another try would take as long."""

    code = "step_deadline"

    def __init__(self, deadline_s: float) -> None:
        super().__init__(
            f"The step took longer than its deadline of {deadline_s:g} s and was stopped; give it "
            "more time in the plan, or resume the task to try again.",
            deadline_s=deadline_s,
        )
