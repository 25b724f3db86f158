"""The hot statements and the transition table say the same."""

import re

import pytest

from app.agents.transitions import ENDED_STEPS, STEP_TRANSITIONS
from app.agents.types import StepStatus
from app.engine import statements

CHANGES = {
    "CLAIM": StepStatus.RUNNING,
    "FINISH": StepStatus.DONE,
    "PUMP": StepStatus.QUEUED,
}


class TestHotStatement:
    @pytest.mark.parametrize(("name", "target"), CHANGES.items())
    def test_changes_a_step_only_as_the_table_allows(self, name: str, target: StepStatus) -> None:
        statement: str = getattr(statements, name)
        assert f"a SET status = '{target}'" in statement
        source = re.search(r"a\.status IN \('(\w+)'\)", statement)
        assert source is not None
        assert target in STEP_TRANSITIONS[StepStatus(source[1])]

    def test_queues_only_steps_that_wait(self) -> None:
        released = statements.FINISH[statements.FINISH.index("released AS") :]
        assert "THEN 'queued'" in released
        assert "a.status IN ('waiting')" in released
        assert StepStatus.QUEUED in STEP_TRANSITIONS[StepStatus.WAITING]

    @pytest.mark.parametrize("name", ["OVER", "FIND_UNCLOSED"])
    def test_knows_every_way_a_step_can_be_live(self, name: str) -> None:
        listed = re.search(r"a\.status IN \(([^)]*)\)", getattr(statements, name))
        assert listed is not None
        live = {word.strip(" '") for word in listed[1].split(",")}
        assert live == set(StepStatus) - set(ENDED_STEPS)
