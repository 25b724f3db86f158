"""How the engine says that a step is no longer this worker's to write, or cannot go on."""

from app.core.errors import Conflict


class Stale(Conflict):
    """Another attempt has taken this step over, or it was stopped: write nothing."""

    code = "stale_attempt"


class StepChanged(Conflict):
    """The step asks its model something else than what was recorded under the same number."""

    code = "step_changed"
