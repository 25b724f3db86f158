"""Which status may follow which."""

from itertools import product

import pytest

from app.agents.transitions import (
    ENDED_STEPS,
    ENDED_TASKS,
    STEP_TRANSITIONS,
    TASK_TRANSITIONS,
    TaskStatus,
    TransitionForbidden,
    require_step,
    require_task,
)
from app.agents.types import StepStatus


class TestTables:
    def test_have_a_row_for_every_status(self) -> None:
        assert set(STEP_TRANSITIONS) == set(StepStatus)
        assert set(TASK_TRANSITIONS) == set(TaskStatus)

    def test_let_every_status_be_left_or_ended(self) -> None:
        for step, targets in STEP_TRANSITIONS.items():
            assert targets or step in ENDED_STEPS
        for task, outcomes in TASK_TRANSITIONS.items():
            assert outcomes or task in ENDED_TASKS

    def test_never_run_a_step_that_was_not_queued(self) -> None:
        before = {old for old, new in STEP_TRANSITIONS.items() if StepStatus.RUNNING in new}
        assert before == {StepStatus.QUEUED}

    def test_leave_a_finished_task_only_for_a_new_plan(self) -> None:
        assert TASK_TRANSITIONS[TaskStatus.DONE] == frozenset({TaskStatus.PLANNED})


class TestRequire:
    @pytest.mark.parametrize(("old", "new"), list(product(StepStatus, StepStatus)))
    def test_follows_the_step_table(self, old: StepStatus, new: StepStatus) -> None:
        if new in STEP_TRANSITIONS[old]:
            require_step(old, new)
        else:
            with pytest.raises(TransitionForbidden):
                require_step(old, new)

    @pytest.mark.parametrize(("old", "new"), list(product(TaskStatus, TaskStatus)))
    def test_follows_the_task_table(self, old: TaskStatus, new: TaskStatus) -> None:
        if new in TASK_TRANSITIONS[old]:
            require_task(old, new)
        else:
            with pytest.raises(TransitionForbidden):
                require_task(old, new)
