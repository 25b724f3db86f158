"""The hot statements and the transition table say the same."""

import re

import pytest
from sqlalchemy import TextClause

from app.agents.transitions import ENDED_STEPS, STEP_TRANSITIONS
from app.agents.types import StepStatus
from app.engine import statements

CHANGES = {
    "CLAIM": StepStatus.RUNNING,
    "FINISH": StepStatus.DONE,
    "QUEUE_READY": StepStatus.QUEUED,
}


class TestHotStatement:
    @pytest.mark.parametrize(("name", "target"), CHANGES.items())
    def test_changes_a_step_only_as_the_table_allows(self, name: str, target: StepStatus) -> None:
        statement: TextClause = getattr(statements, name)
        assert f"a SET status = '{target}'" in statement.text
        source = re.search(r"a\.status (?:=|IN) \(?'(\w+)'", statement.text)
        assert source is not None
        assert target in STEP_TRANSITIONS[StepStatus(source[1])]

    def test_knows_every_way_a_step_can_end(self) -> None:
        listed = re.search(r"NOT IN \(([^)]*)\)", statements.LIVE_STEP.text)
        assert listed is not None
        assert {word.strip(" '") for word in listed[1].split(",")} == set(ENDED_STEPS)
