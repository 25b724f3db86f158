from hypothesis import given
from hypothesis import strategies as st

from app.artifacts.docx.column_widths import ColumnNeed, column_groups, column_need, share_width

_NEEDS = st.lists(
    st.tuples(st.floats(20, 100), st.floats(0, 200)).map(
        lambda pair: ColumnNeed(minimum_pt=pair[0], natural_pt=pair[0] + pair[1])
    ),
    min_size=1,
    max_size=40,
)


class TestShareWidth:
    @given(_NEEDS, st.floats(100, 800))
    def test_uses_the_whole_width(self, needs: list[ColumnNeed], width: float) -> None:
        assert abs(sum(share_width(needs, width)) - width) < 1e-6

    @given(_NEEDS, st.floats(100, 800))
    def test_gives_every_column_its_minimum_where_there_is_room(
        self, needs: list[ColumnNeed], width: float
    ) -> None:
        if sum(need.minimum_pt for need in needs) <= width:
            widths = share_width(needs, width)
            assert all(
                got >= need.minimum_pt - 1e-6 for got, need in zip(widths, needs, strict=True)
            )


class TestColumnGroups:
    @given(_NEEDS, st.floats(250, 800))
    def test_loses_no_column_and_fits_every_group(
        self, needs: list[ColumnNeed], width: float
    ) -> None:
        groups = column_groups(needs, width)
        seen = [index for number, group in enumerate(groups) for index in group[bool(number) :]]
        assert seen == list(range(len(needs)))
        assert all(sum(needs[index].minimum_pt for index in group) <= width for group in groups)


class TestColumnNeed:
    def test_asks_for_the_longest_word_at_least(self) -> None:
        short = column_need("A", ["1"], size_pt=10, padding_pt=10)
        wordy = column_need("A", ["Pneumonia case"], size_pt=10, padding_pt=10)
        assert wordy.minimum_pt > short.minimum_pt
        assert wordy.natural_pt > wordy.minimum_pt
