import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.artifacts.charts.scale import round_scale, tick_decimals, with_label_room

_ENDS = st.floats(min_value=-1e12, max_value=1e12)


class TestRoundScale:
    @pytest.mark.parametrize(
        ("low", "high", "ticks"),
        [
            (0, 568, (0, 100, 200, 300, 400, 500, 600)),
            (-12, 0, (-12, -10, -8, -6, -4, -2, 0)),
            (0, 0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
            (0, 0.333, (0, 0.1, 0.2, 0.3, 0.4)),
        ],
    )
    def test_steps_are_round(self, low: float, high: float, ticks: tuple[float, ...]) -> None:
        assert round_scale(low, high).ticks == ticks

    @given(_ENDS, _ENDS)
    def test_covers_both_ends_in_a_readable_number_of_steps(self, one: float, other: float) -> None:
        low, high = min(one, other), max(one, other)
        assume(high - low > 1e-6 * max(1.0, abs(low), abs(high)))
        scale = round_scale(low, high)
        slack = (high - low) * 1e-6
        assert scale.low <= low + slack
        assert scale.high >= high - slack
        assert 3 <= len(scale.ticks) <= 9


class TestTickDecimals:
    def test_gives_as_many_as_tell_ticks_apart(self) -> None:
        assert tick_decimals((0, 100, 200)) == 0
        assert tick_decimals((0, 2.5, 5)) == 1
        assert tick_decimals((98.0, 98.25)) == 2


class TestWithLabelRoom:
    def test_adds_a_step_only_where_a_value_nearly_reaches_the_end(self) -> None:
        scale = round_scale(0, 600)
        assert with_label_room(scale, (600.0,), share=0.05).high == 700
        assert with_label_room(scale, (500.0,), share=0.05) == scale
