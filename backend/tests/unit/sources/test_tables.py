"""Typing of cells and columns, headers and totals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schemas.source import CellValue, ColumnKind, SourceTable, TableColumn
from app.sources import is_total_row
from tests.unit.sources.files import read


def table(text: str) -> SourceTable:
    """Read the one table of a CSV text."""
    (found,) = read(text, "t.csv").tables
    return found


def column(header: str, *cells: str) -> tuple[TableColumn, list[CellValue]]:
    """Type one column, beside a column of names."""
    rows = "\n".join(f'x{index},"{cell}"' for index, cell in enumerate(cells))
    found = table(f'Name,"{header}"\n{rows}\n')
    return found.columns[1], [row[1] for row in found.rows]


class TestTypeColumn:
    @pytest.mark.parametrize(
        ("cells", "kind", "unit", "values"),
        [
            (("1,234", "56"), ColumnKind.INTEGER, None, [1234, 56]),
            (("1.5", "2"), ColumnKind.NUMBER, None, [1.5, 2.0]),
            (("\u20a91,200", "\u20a930"), ColumnKind.CURRENCY, "KRW", [1200, 30]),
            (("$3.4M", "$0.9M"), ColumnKind.CURRENCY, "USD M", [3.4, 0.9]),
            (("$900K", "$1.2M"), ColumnKind.CURRENCY, "USD", [900000, 1200000]),
            (("5,680억 원", "120억 원"), ColumnKind.CURRENCY, "억원", [5680, 120]),
            (("12.5%", "0%"), ColumnKind.PERCENT, None, [0.125, 0.0]),
            (("(1,234)", "56"), ColumnKind.INTEGER, None, [-1234, 56]),
            (("\u25b33.2", "1.1"), ColumnKind.NUMBER, None, [-3.2, 1.1]),
            (("\u25b23.2", "1.1"), ColumnKind.NUMBER, None, [-3.2, 1.1]),
            (("\u25b23.2", "\u25bc1.1"), ColumnKind.NUMBER, None, [3.2, -1.1]),
            (("-", "N/A", "7"), ColumnKind.INTEGER, None, [None, None, 7]),
            (("1.234,5", "2,25"), ColumnKind.NUMBER, None, [1234.5, 2.25]),
            (("12대", "3대"), ColumnKind.INTEGER, "대", [12, 3]),
            (("2021년", "2022년"), ColumnKind.YEAR, None, [2021, 2022]),
        ],
    )
    def test_reads_what_is_wholly_a_number(
        self, cells: tuple[str, ...], kind: ColumnKind, unit: str | None, values: list[CellValue]
    ) -> None:
        found, typed = column("Value", *cells)
        assert (found.kind, found.unit, typed) == (kind, unit, values)

    @pytest.mark.parametrize(
        "cells",
        [
            ("007", "12"),
            ("about 5", "6"),
            ("1,23", "4,567"),
            ("5*", "6"),
            ("12%", "3"),
            ("1-2", "3"),
            ("03/04/2024", "05/06/2024"),
        ],
    )
    def test_leaves_a_column_as_text_when_one_value_is_not(self, cells: tuple[str, ...]) -> None:
        found, typed = column("Value", *cells)
        assert found.kind is ColumnKind.TEXT
        assert typed == list(cells)

    @pytest.mark.parametrize(
        ("cells", "day"),
        [
            (("2024-03-05", "2024-12-31"), date(2024, 3, 5)),
            (("2024. 3. 5.", "2024. 12. 31."), date(2024, 3, 5)),
            (("2024년 3월 5일", "2024년 4월 1일"), date(2024, 3, 5)),
            (("5 March 2024", "31 Dec 2024"), date(2024, 3, 5)),
            (("05/03/2024", "31/12/2024"), date(2024, 3, 5)),
            (("03/05/2024", "12/31/2024"), date(2024, 3, 5)),
        ],
    )
    def test_reads_dates_that_cannot_be_mistaken(self, cells: tuple[str, str], day: date) -> None:
        found, typed = column("Day", *cells)
        assert found.kind is ColumnKind.DATE
        assert typed[0] == day

    @pytest.mark.parametrize(
        ("header", "name", "unit", "kind"),
        [
            ("매출(억원)", "매출", "억원", ColumnKind.CURRENCY),
            ("Sales (USD m)", "Sales", "USD m", ColumnKind.CURRENCY),
            ("Price, USD/kWh", "Price", "USD/kWh", ColumnKind.CURRENCY),
            ("Capacity [kWh]", "Capacity", "kWh", ColumnKind.INTEGER),
            ("Sales (net)", "Sales (net)", None, ColumnKind.INTEGER),
        ],
    )
    def test_takes_the_unit_from_the_header(
        self, header: str, name: str, unit: str | None, kind: ColumnKind
    ) -> None:
        found, _ = column(header, "5", "6")
        assert (found.name, found.unit, found.kind) == (name, unit, kind)

    def test_makes_fractions_of_a_column_whose_header_says_percent(self) -> None:
        found, typed = column("Share (%)", "12.5", "7")
        assert (found.kind, found.decimals, typed) == (ColumnKind.PERCENT, 1, [0.125, 0.07])

    @given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=8))
    def test_gives_back_integers_as_they_were(self, values: list[int]) -> None:
        _, typed = column("Value", *(f"{value:,}" for value in values))
        assert typed == values

    @given(
        st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), min_size=2, max_size=8)
    )
    def test_gives_back_decimals_exactly(self, values: list[Decimal]) -> None:
        _, typed = column("Value", *(f"{value:,.2f}" for value in values))
        assert typed == [float(value) for value in values]

    @given(st.lists(st.text("ab1,.%$()- 억원", max_size=6), min_size=2, max_size=5))
    def test_never_loses_a_text_that_it_does_not_read(self, cells: list[str]) -> None:
        extract = read(
            "Name,Value\n" + "\n".join(f'x{i},"{cell}"' for i, cell in enumerate(cells)), "t.csv"
        )
        text = "\n".join(passage.text for passage in extract.passages)
        for cell in cells:
            assert " ".join(cell.split()) in text


class TestTotals:
    @pytest.mark.parametrize(
        "label",
        ["Total", "Grand total", "합계", "소 계", "총계", "Europe total", "서울 소계", "평균"],
    )
    def test_are_rows_with_a_word_for_it(self, label: str) -> None:
        assert is_total_row((label, 5))

    @pytest.mark.parametrize(
        "label", ["Total addressable market", "Totalenergies", "합계 과목 아님", "계단"]
    )
    def test_are_not_rows_whose_label_goes_on(self, label: str) -> None:
        assert not is_total_row((label, 5))

    def test_need_a_number(self) -> None:
        assert not is_total_row(("Total", "see below"))

    def test_stay_out_of_the_rows_but_in_the_passages(self) -> None:
        extract = read("Region,Units\nNorth,1\nSouth,2\nTotal,3\n", "t.csv")
        assert extract.tables[0].rows == (("North", 1), ("South", 2))
        total = extract.passages[-1]
        assert (total.text, total.locator) == ("Region: Total; Units: 3", "row 4")
        assert total.id not in extract.tables[0].passage_ids

    def test_by_name_are_wholes_that_their_parts_add_up_to(self) -> None:
        found = table("지역,대수\n전국,600\n수도권,100\n호남권,500\n")
        assert [row[0] for row in found.rows] == ["수도권", "호남권"]

    def test_of_a_named_thing_are_known_by_their_sum(self) -> None:
        text = "Line,Q1,Q2\nA,1,2\nB,3,4\nTotal revenue,4,6\nRent,2,2\nTotal market,900,950\n"
        assert [row[0] for row in table(text).rows] == ["A", "B", "Rent", "Total market"]

    def test_are_not_wholes_whose_parts_are_incomplete(self) -> None:
        found = table("지역,대수\n전국,900\n수도권,100\n호남권,500\n")
        assert len(found.rows) == 3

    def test_are_kept_when_there_is_nothing_else(self) -> None:
        assert len(table("Row,2023,2024\nTotal,1,2\nGrand total,3,4\n").rows) == 2

    def test_between_rows_do_not_shift_locators(self) -> None:
        extract = read("R,U\nA,1\nB,2\nSubtotal,3\nC,4\nD,5\n", "t.csv")
        assert [p.locator for p in extract.passages] == ["rows 2-3", "row 4", "rows 5-6"]
        assert [row[0] for row in extract.tables[0].rows] == ["A", "B", "C", "D"]


class TestHeaders:
    def test_are_found_below_a_title_and_a_unit_line(self) -> None:
        found = table("연간 실적,,\n(단위: 백만원),,\n부문,2023,2024\n가전,10,20\n반도체,5,8\n")
        assert found.title == "연간 실적"
        assert [c.name for c in found.columns] == ["부문", "2023", "2024"]
        assert [c.unit for c in found.columns] == [None, "백만원", "백만원"]
        assert found.columns[1].kind is ColumnKind.CURRENCY

    def test_are_found_below_a_sparse_row_of_titles(self) -> None:
        found = table("Budget,,,,Notes\nLine,Q1,Q2,Q3,Owner\nRent,1,2,3,Ann\nFood,4,5,6,Bo\n")
        assert found.title == "Budget"
        assert [c.name for c in found.columns] == ["Line", "Q1", "Q2", "Q3", "Owner"]

    def test_of_two_rows_with_wide_groups_are_merged(self) -> None:
        found = table("R,2023,,,,2024,,,\n,a,b,c,d,a,b,c,d\nN,1,2,3,4,5,6,7,8\n")
        assert [c.name for c in found.columns][4:6] == ["2023 d", "2024 a"]

    def test_of_two_rows_are_merged(self) -> None:
        found = table("Region,2023,,2024,\n,Sales,Units,Sales,Units\nNorth,1,2,3,4\n")
        assert [c.name for c in found.columns] == [
            "Region",
            "2023 Sales",
            "2023 Units",
            "2024 Sales",
            "2024 Units",
        ]

    def test_that_are_missing_get_numbers(self) -> None:
        found = table("North,1\nSouth,2\nEast,3\n")
        assert [c.name for c in found.columns] == ["Column 1", "Column 2"]
        assert len(found.rows) == 3

    def test_of_texts_alone_are_the_first_row(self) -> None:
        found = table("Name,City\nAnn,Oslo\nBo,Lima\n")
        assert found.rows == (("Ann", "Oslo"), ("Bo", "Lima"))

    def test_with_one_name_twice_are_told_apart(self) -> None:
        assert [c.name for c in table("A,B,B\nx,1,2\n").columns] == ["A", "B", "B (2)"]

    def test_of_the_labels_give_the_unit_of_the_figures(self) -> None:
        found = table("Item (USD m),2025,2026\nLine,9.5,6\nCrew,4.2,5\n")
        assert found.columns[1].unit == "USD m"
