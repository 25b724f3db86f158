"""What can be wrong with a task as a thing of a user."""

from app.core.errors import Conflict, Invalid, NotFound


class TaskMissing(NotFound):
    """There is no such task, or it is not this user's."""

    code = "task_missing"


class ArtifactMissing(NotFound):
    """The task has no file of this name."""

    code = "artifact_not_found"


class PlanNotFound(NotFound):
    """The task has no plan (yet), or no such revision of it."""

    code = "plan_not_found"


class PlanChanged(Conflict):
    """The plan to run, edit or decide on is not the one that was shown.

    The facts give the current `content_hash` and `revision`.
    """

    code = "plan_changed"


class PlanDamaged(Conflict):
    """The stored plan is not the one that its hash names; it is never run."""

    code = "plan_damaged"


class CapInvalid(Invalid):
    """A new cap is below what is already spent or reserved."""

    code = "cap_invalid"


class TooManyReplans(Conflict):
    """The task has been planned anew as often as the settings allow."""

    code = "too_many_replans"


class NotReplannable(Conflict):
    """The task runs, was never started, or waits for a decision: it cannot be planned anew now."""

    code = "not_replannable"
