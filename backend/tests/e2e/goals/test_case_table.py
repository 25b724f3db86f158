"""The table of goals itself."""

from tests.e2e.goals.case_table import CASES


class TestCases:
    def test_are_half_korean(self) -> None:
        assert sum(case.is_korean for case in CASES) * 2 >= len(CASES)

    def test_have_names_of_their_own(self) -> None:
        assert len({case.name for case in CASES}) == len(CASES)
