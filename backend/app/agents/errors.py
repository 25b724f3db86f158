"""How an agent says that a step cannot simply go on."""

from app.core.errors import Conflict, Forbidden, Invalid, Limited, Unavailable


class GoalUnclear(Invalid):
    """The goal does not ask for anything that can be made."""

    code = "goal_unclear"


class NothingToReplan(Conflict):
    """All that the goal asks for is done, so a new plan would hold nothing new."""

    code = "nothing_to_replan"


class ReplanUnderWay(Conflict):
    """The task is being planned anew already."""

    code = "replan_under_way"


class ReplanOvertaken(Conflict):
    """The task was stopped, resumed or planned anew by another while this plan was made."""

    code = "replan_overtaken"


class NothingToWorkFrom(Invalid):
    """The goal needs files (figures, facts) that were not given."""

    code = "nothing_to_work_from"


class TaskFailed(Invalid):
    """The step cannot succeed, whatever is tried again."""

    code = "step_failed"


class RetryTask(Unavailable):
    """The step may succeed if tried again after `retry_after_s`."""

    code = "step_retry"

    def __init__(self, message: str, *, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BudgetExceeded(Limited):
    """The next paid call could pass the task's cap."""

    code = "budget_exceeded"


class ModelUnavailable(Unavailable):
    """The model's provider cannot be reached or refuses; the message says which and why."""

    code = "model_unavailable"


class ModelKeyRefused(Forbidden):
    """The model's provider has no key from this installation, or refuses the one it has.

    Not `Unauthenticated`: to a client of the API that would say that its own key does not hold.
    """

    code = "model_key_refused"


class ModelRefused(Invalid):
    """The provider refuses the model or the request; trying again cannot help."""

    code = "model_refused"


class ModelAnswerInvalid(Invalid):
    """The model's answer stayed outside its schema after one repair round."""

    code = "model_answer_invalid"


class StepLoops(Invalid):
    """The step asks its model the same thing again and again."""

    code = "step_loops"
