"""The limits that are typed after a goal."""

import pytest

from app.cli.errors import OptionInvalid
from app.cli.limits import checked_limits
from app.cli.options import OrderLimits
from app.schemas.constraints import Constraints
from app.schemas.plan import AgentName


class TestCheckedLimits:
    def test_become_the_constraints_of_the_order(self) -> None:
        typed = OrderLimits(60, 1000, 5, ["docs", "docs"], ["builtin"], [".pptx"])
        assert checked_limits(typed) == Constraints(
            max_time_s=60,
            max_tokens=1000,
            max_steps=5,
            allowed_agents=(AgentName.DOCS,),
            allowed_models=("builtin",),
            needed_files=(".pptx",),
        )

    def test_are_none_where_nothing_is_typed(self) -> None:
        assert checked_limits(OrderLimits()) == Constraints()
        assert not OrderLimits().is_given
        assert OrderLimits(max_steps=1).is_given

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (OrderLimits(max_time_s=float("nan")), "--max-time-s"),
            (OrderLimits(max_time_s=float("inf")), "--max-time-s"),
            (OrderLimits(max_time_s=0), "--max-time-s"),
            (OrderLimits(agents=["chef"]), "no agent 'chef'"),
            (OrderLimits(models=[""]), "--allow-model"),
            (OrderLimits(models=[f"m{n}" for n in range(21)]), "at most 20 times"),
            (OrderLimits(needed_files=["x" * 201]), "--need-file"),
        ],
    )
    def test_refuse_what_cannot_be_held(self, typed: OrderLimits, said: str) -> None:
        with pytest.raises(OptionInvalid, match=said):
            checked_limits(typed)
