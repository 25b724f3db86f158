"""Caps of steps typed after `run --resume`."""

import pytest

from app.cli.errors import OptionInvalid
from app.cli.options import checked_step_caps


class TestCheckedStepCaps:
    def test_are_read_by_key(self) -> None:
        assert checked_step_caps(["docs=0.5", "slides=2"]) == {"docs": 0.5, "slides": 2}
        assert checked_step_caps(None) == {}

    @pytest.mark.parametrize("typed", ["docs", "docs=", "docs=much", "docs=-1", "docs=nan", "=1"])
    def test_that_are_none_are_refused(self, typed: str) -> None:
        with pytest.raises(OptionInvalid, match="--step-cap"):
            checked_step_caps([typed])
