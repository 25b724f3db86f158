import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.artifacts.formatting import (
    NO_VALUE,
    column_heading,
    format_by_code,
    format_cell,
    format_compact,
    format_date,
    format_number,
    format_percent,
    number_format_code,
)
from app.schemas.source import CellValue, ColumnKind, Language
from tests.factories.artifacts import make_column

_SALES = make_column("Sales", ColumnKind.CURRENCY, unit="USD", decimals=1)


class TestFormatCell:
    @pytest.mark.parametrize(
        ("value", "kind", "decimals", "shown"),
        [
            (1234567, ColumnKind.INTEGER, 0, "1,234,567"),
            (1234.56, ColumnKind.NUMBER, 1, "1,234.6"),
            (0.394, ColumnKind.PERCENT, 1, "39.4%"),
            (2025, ColumnKind.YEAR, 0, "2025"),
            (2025.5, ColumnKind.TEXT, 0, "2,025.5"),
            (-0.2, ColumnKind.NUMBER, 0, "0"),
            ("n/a", ColumnKind.NUMBER, 0, "n/a"),
            (None, ColumnKind.NUMBER, 0, NO_VALUE),
            (math.nan, ColumnKind.NUMBER, 0, NO_VALUE),
        ],
    )
    def test_shows_a_value_by_its_columns_type(
        self, value: CellValue, kind: ColumnKind, decimals: int, shown: str
    ) -> None:
        column = make_column("x", kind, decimals=decimals)
        assert format_cell(value, column, "en") == shown

    @pytest.mark.parametrize(
        ("language", "yes", "day"), [("en", "Yes", "Nov 24, 2026"), ("ko", "예", "2026. 11. 24.")]
    )
    def test_words_and_dates_follow_the_language(
        self, language: Language, yes: str, day: str
    ) -> None:
        column = make_column("x", ColumnKind.DATE)
        assert format_cell(True, column, language) == yes
        assert format_cell(date(2026, 11, 24), column, language) == day
        assert (
            format_cell(datetime(2026, 11, 24, 9, 5, tzinfo=UTC), column, language)
            == f"{day} 09:05"
        )

    def test_keeps_the_unit_for_the_header_unless_the_value_stands_alone(self) -> None:
        assert format_cell(-1234.5, _SALES, "en") == "-1,234.5"
        assert format_cell(-1234.5, _SALES, "en", with_unit=True) == "-$1,234.5"
        assert column_heading(_SALES) == "Sales (USD)"

    @pytest.mark.parametrize(
        ("unit", "language", "shown"),
        [
            ("KRW", "ko", "5,680원"),
            ("KRW", "en", "₩5,680"),
            ("억 원", "ko", "5,680억 원"),
            ("kWh", "en", "5,680 kWh"),
        ],
    )
    def test_puts_the_unit_where_readers_expect_it(
        self, unit: str, language: Language, shown: str
    ) -> None:
        column = make_column("x", ColumnKind.CURRENCY, unit=unit)
        assert format_cell(5680, column, language, with_unit=True) == shown

    def test_names_a_unit_once(self) -> None:
        assert column_heading(make_column("Price (USD)", unit="USD")) == "Price (USD)"
        assert column_heading(make_column("Growth", ColumnKind.PERCENT, unit="%")) == "Growth"


class TestFormatNumber:
    def test_rounds_half_up_as_spreadsheets_do(self) -> None:
        assert format_number(0.125, 2) == "0.13"
        assert format_number(2.5) == "3"
        assert format_percent(0.285, 0) == "29%"

    @given(st.integers(min_value=-(10**15), max_value=10**15))
    def test_reads_back_as_the_same_integer(self, value: int) -> None:
        assert int(format_number(value).replace(",", "")) == value


class TestFormatCompact:
    @pytest.mark.parametrize(
        ("value", "language", "shown"),
        [
            (1_234_567, "en", "1.23M"),
            (12_000, "en", "12K"),
            (9_999, "en", "9,999"),
            (568_000_000_000, "ko", "5,680억"),
            (1_200_000, "ko", "120만"),
            (50_000, "ko", "50,000"),
            (-3e12, "ko", "-3조"),
            (1.5e30, "en", "1.5e+30"),
        ],
    )
    def test_counts_in_the_languages_own_steps(
        self, value: float, language: Language, shown: str
    ) -> None:
        assert format_compact(value, language) == shown


class TestFormatByCode:
    @pytest.mark.parametrize(
        ("value", "code", "shown"),
        [
            (1234.5, "#,##0", "1,235"),
            (1234.5, "0.00", "1234.50"),
            (0.395, "0.0%", "39.5%"),
            (-1234.5, '"$"#,##0.0', "-$1,234.5"),
            (12, '#,##0"원"', "12원"),
            (12.5, "General", "12.5"),
            (-5, "#,##0;(#,##0)", "-5"),
        ],
    )
    def test_follows_the_codes_first_section(self, value: float, code: str, shown: str) -> None:
        assert format_by_code(value, code) == shown

    def test_columns_have_codes_that_show_the_same_as_their_cells(self) -> None:
        for kind in (ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.PERCENT):
            column = make_column("x", kind, decimals=0 if kind is ColumnKind.INTEGER else 2)
            code = number_format_code(column)
            assert format_by_code(1234.567, code) == format_cell(1234.567, column, "en")


class TestFormatDate:
    def test_writes_long_dates_in_words(self) -> None:
        assert format_date(date(2026, 11, 24), "en", width="long") == "November 24, 2026"
        assert format_date(date(2026, 11, 24), "ko", width="long") == "2026년 11월 24일"
