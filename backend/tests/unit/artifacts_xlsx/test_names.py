import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.artifacts.xlsx.names import column_names, sheet_names, table_names


class TestSheetNames:
    def test_takes_out_what_excel_forbids(self) -> None:
        assert sheet_names(["Q1/Q2: [a]*?\\"], "en") == ("Q1 Q2 a",)

    def test_numbers_equal_names(self) -> None:
        assert sheet_names(["Sales", "SALES"], "en") == ("Sales", "SALES (2)")

    def test_names_the_nameless(self) -> None:
        assert sheet_names(["", "''"], "ko") == ("시트", "시트 (2)")

    @given(st.lists(st.text(max_size=60), max_size=6))
    def test_never_makes_a_name_that_excel_refuses(self, names: list[str]) -> None:
        made = sheet_names(names, "en")
        assert len({name.casefold() for name in made}) == len(names)
        for name in made:
            assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
            assert not set(name) & set("[]:*?/\\")
            assert name.strip("'") == name


class TestTableNames:
    @pytest.mark.parametrize(
        ("written", "stored"),
        [
            ("Sales", "Sales"),
            ("My table", "My_table"),
            ("A1", "Table_A1"),
            ("R1C1", "Table_R1C1"),
            ("2025", "Table_2025"),
            ("", "Table"),
        ],
    )
    def test_makes_a_word_that_is_no_cell(self, written: str, stored: str) -> None:
        assert table_names([written]) == (stored,)

    def test_numbers_equal_names(self) -> None:
        assert table_names(["Sales", "sales"]) == ("Sales", "sales_2")


class TestColumnNames:
    def test_fills_empty_headers_and_numbers_equal_ones(self) -> None:
        assert column_names(["A", "a", "", "x\ny"], "ko") == ("A", "a (2)", "열 3", "x y")
