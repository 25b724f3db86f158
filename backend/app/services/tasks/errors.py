"""What can be wrong with a task as a thing of a user."""

from app.core.errors import Conflict, Invalid, NotFound


class TaskMissing(NotFound):
    """There is no such task, or it is not this user's."""

    code = "task_missing"


class ArtifactMissing(NotFound):
    """The task has no file of this name."""

    code = "artifact_not_found"


class PlanChanged(Conflict):
    """The plan to run is not the one that was shown."""

    code = "plan_changed"


class CapInvalid(Invalid):
    """A new cap is below what is already spent or reserved."""

    code = "cap_invalid"
