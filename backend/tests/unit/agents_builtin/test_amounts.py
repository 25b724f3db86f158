"""Figures in running text."""

import pytest

from app.agents.builtin.amounts import parse_unit, say_percent, say_percent_short, say_value
from app.schemas.source import ColumnKind, Language, TableColumn

MONEY = ColumnKind.CURRENCY


def column(unit: str | None, decimals: int = 0, kind: ColumnKind = MONEY) -> TableColumn:
    return TableColumn(name="Value", kind=kind, unit=unit, decimals=decimals)


class TestSayValue:
    @pytest.mark.parametrize(
        ("value", "unit", "language", "said"),
        [
            (322, "USD m", "en", "$322 million"),
            (2016.2, "USD m", "en", "$2,016.2 million"),
            (1234567, "USD", "en", "$1.23 million"),
            (84, "USD", "en", "$84"),
            (5680, "억원", "ko", "5,680억 원"),
            (322, "십억 원", "ko", "3,220억 원"),
            (59, "만원/kWh", "ko", "59만 원/kWh"),
            (12_000_000, "원", "ko", "1,200만 원"),
            (15000, "원", "ko", "15,000원"),
            (1500, "USD", "ko", "1,500달러"),
            (568, "십억 원", "en", "KRW 568 billion"),
            (12, "대", "ko", "12대"),
            (7.5, "kWh", "ko", "7.5 kWh"),
            (-12, "USD m", "en", "-$12 million"),
        ],
    )
    def test_says_the_unit_as_people_do(
        self, value: float, unit: str, language: Language, said: str
    ) -> None:
        decimals = 1 if isinstance(value, float) else 0
        assert say_value(value, column(unit, decimals), language) == said

    def test_takes_percents_as_fractions(self) -> None:
        assert say_value(0.394, column(None, kind=ColumnKind.PERCENT), "en") == "39.4%"


class TestSayPercent:
    def test_keeps_one_decimal_and_no_trailing_zero(self) -> None:
        assert [say_percent(x) for x in (0.394, 0.4, 1.729, -0.082)] == [
            "39.4%",
            "40%",
            "172.9%",
            "-8.2%",
        ]

    def test_is_whole_in_headlines_from_ten_up(self) -> None:
        assert [say_percent_short(x) for x in (0.394, 0.082, 0.1)] == ["39%", "8.2%", "10%"]


class TestParseUnit:
    @pytest.mark.parametrize(
        ("text", "currency", "scale"),
        [
            ("USD m", "USD", 1e6),
            ("$ million", "USD", 1e6),
            ("million USD", "USD", 1e6),
            ("백만원", "KRW", 1e6),
            ("천 달러", "USD", 1e3),
            ("kWh", None, 1.0),
            ("USD/kWh", None, 1.0),
            (None, None, 1.0),
        ],
    )
    def test_takes_currency_and_scale_apart(
        self, text: str | None, currency: str | None, scale: float
    ) -> None:
        unit = parse_unit(text)
        assert (unit.currency, unit.scale) == (currency, scale)
