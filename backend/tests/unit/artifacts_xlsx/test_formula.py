from dataclasses import dataclass, field

import pytest

from app.artifacts.xlsx.formula import (
    Calculator,
    CellAddress,
    FormulaError,
    NameMap,
    TableArea,
    UnreadableFormulaError,
    rewrite_formula,
)

Content = float | int | str | bool | FormulaError | None
ROWS: tuple[tuple[Content, ...], ...] = (
    ("Year", "Amount", "Region"),
    (2022, 10, "North"),
    (2023, 20.5, "South"),
    (2024, None, "north"),
    (2025, 4, "Northern"),
    ("Total", 34.5, None),
)


@dataclass
class TableGrid:
    """One table, "Sales", on the sheet "S"."""

    changes: dict[tuple[int, int], Content] = field(default_factory=dict)

    def cell(self, sheet: str, row: int, column: int) -> Content:
        if (row, column) in self.changes:
            return self.changes[row, column]
        inside = row <= len(ROWS) and column <= 3
        return ROWS[row - 1][column - 1] if inside else None

    def find_table(self, name: str) -> TableArea | None:
        if name.casefold() != "sales":
            return None
        return TableArea(
            sheet="S",
            first_row=1,
            last_row=len(ROWS),
            first_column=1,
            columns=("Year", "Amount", "Region"),
            has_totals=True,
        )

    def has_sheet(self, sheet: str) -> bool:
        return sheet == "S"


def calculated(formula: str, *, row: int = 3, grid: TableGrid | None = None) -> Content:
    place = CellAddress(sheet="S", row=row, column=9)
    return Calculator(grid or TableGrid()).result(formula, place)


class TestCalculate:
    @pytest.mark.parametrize(
        ("formula", "result"),
        [
            ("=1+2*3", 7),
            ("=-2^2", 4),
            ("=2^3^2", 64),
            ("=10%*5", 0.5),
            ("=(1+2)*3", 9),
            ('="a"&1&TRUE', "a1TRUE"),
            ("=1<2", True),
            ('="A"="a"', True),
            ('=2<"text"', True),
            ("=SUM(Sales[Amount])", 34.5),
            ("=sum(sales[amount])", 34.5),
            ("=SUM(B2:B5,1)", 35.5),
            ("=S!B2+'S'!$B$3", 30.5),
            ("=AVERAGE(Sales[Amount])", 11.5),
            ("=MIN(Sales[Amount])", 4),
            ("=MAX(Sales[Amount])", 20.5),
            ("=MEDIAN(Sales[Amount])", 10),
            ("=COUNT(Sales[Amount])", 3),
            ("=COUNTA(Sales[Region])", 4),
            ("=SUBTOTAL(109,Sales[Amount])", 34.5),
            ("=SUBTOTAL(101,Sales[Amount])", 11.5),
            ("=SUBTOTAL(103,Sales[Region])", 4),
            ("=Sales[@Amount]*2", 41),
            ("=Sales[[#This Row],[Amount]]", 20.5),
            ("=Sales[[#Totals],[Amount]]", 34.5),
            ("=ROWS(Sales[#All])", 6),
            ("=SUM(Sales[[Year]:[Amount]])", 8094 + 34.5),
            ('=SUMIFS(Sales[Amount],Sales[Region],"north")', 10),
            ('=SUMIFS(Sales[Amount],Sales[Region],"north*")', 14),
            ('=SUMIFS(Sales[Amount],Sales[Year],">=2023",Sales[Amount],"<10")', 4),
            ("=SUMIF(Sales[Year],2023,Sales[Amount])", 20.5),
            ('=AVERAGEIFS(Sales[Amount],Sales[Year],"<>2022")', 12.25),
            ('=COUNTIF(Sales[Amount],">4")', 2),
            ('=COUNTIFS(Sales[Region],"<>South")', 3),
            ('=MAXIFS(Sales[Amount],Sales[Year],"<2023")', 10),
            ("=INDEX(Sales[Amount],MATCH(2023,Sales[Year],0))", 20.5),
            ("=MATCH(2024.5,Sales[Year])", 3),
            ("=VLOOKUP(2025,A2:C5,2,FALSE)", 4),
            ("=XLOOKUP(2022,Sales[Year],Sales[Region])", "North"),
            ('=_xlfn.XLOOKUP(1,Sales[Year],Sales[Region],"none")', "none"),
            ('=IF(Sales[@Year]>2022,"late","early")', "late"),
            ("=IFERROR(1/0,7)", 7),
            ('=IFERROR(INDEX(Sales[Amount],99),"gone")', "gone"),
            ("=ROUND(2.675,2)", 2.68),
            ("=ROUND(-2.5,0)", -3),
            ("=ROUNDDOWN(1999,-2)", 1900),
            ("=INT(-1.5)", -2),
            ("=MOD(-1,3)", 2),
            ("=ABS(-3)", 3),
            ("=AND(1,TRUE)", True),
            ("=NOT(OR(FALSE,0))", True),
            ("=LARGE(Sales[Amount],2)", 10),
            ("=SUMPRODUCT(Sales[Amount],Sales[Amount])", 100 + 20.5**2 + 16),
            ("=YEAR(45658)", 2025),
            ("=(B3/B2)^(1/2)-1", 2.05**0.5 - 1),
        ],
    )
    def test_gives_what_a_spreadsheet_gives(self, formula: str, result: Content) -> None:
        assert calculated(formula) == pytest.approx(result)

    @pytest.mark.parametrize(
        ("formula", "code"),
        [
            ("=1/0", "#DIV/0!"),
            ("=AVERAGE(D2:D3)", "#DIV/0!"),
            ("=Sales[Nope]", "#REF!"),
            ("=Gone!A1", "#REF!"),
            ("=INDEX(Sales[Amount],99)", "#REF!"),
            ("=MATCH(1,Sales[Year],0)", "#N/A"),
            ('="a"+1', "#VALUE!"),
            ("=(-1)^0.5", "#NUM!"),
            ("=10^400", "#NUM!"),
            ("=Sales[Amount]", "#VALUE!"),
        ],
    )
    def test_gives_the_error_that_a_spreadsheet_gives(self, formula: str, code: str) -> None:
        with pytest.raises(FormulaError) as raised:
            calculated(formula)
        assert raised.value.code == code

    def test_passes_an_error_on_from_the_cells_it_reads(self) -> None:
        grid = TableGrid(changes={(2, 2): FormulaError("#N/A")})
        with pytest.raises(FormulaError):
            calculated("=SUM(Sales[Amount])", grid=grid)

    @pytest.mark.parametrize(
        "formula",
        [
            '=WEBSERVICE("http://example.org")',
            "=FOO(1)",
            "=cmd|' /C calc'!A0",
            "=SUM(",
            "=1+",
            "=Nobody[Amount]",
            "={1,2}",
            "=Sales[[Year],[Amount],[Region]]",
            "=1 2",
            "=" + "(" * 100 + "1" + ")" * 100,
        ],
    )
    def test_refuses_what_it_does_not_know(self, formula: str) -> None:
        with pytest.raises(UnreadableFormulaError):
            calculated(formula)

    def test_refuses_a_formula_that_reads_its_own_cell(self) -> None:
        with pytest.raises(UnreadableFormulaError, match="own cell"):
            calculated("=SUM(A1:Z9)")

    def test_refuses_work_without_end(self) -> None:
        calculator = Calculator(TableGrid())
        with pytest.raises(UnreadableFormulaError, match="more than"):
            calculator.result("=COUNT(A1:CZ1048576)", CellAddress(sheet="S", row=1, column=200))


class TestRewrite:
    NAMES = NameMap(
        sheets={"My sheet?": "My sheet"},
        tables={"Sales": "Sales_2"},
        columns={"Sales_2": {"Unit [kWh]": "Unit [kWh]", "Amount": "Amount (2)"}},
        own_table="Sales_2",
    )

    @pytest.mark.parametrize(
        ("written", "stored"),
        [
            ("=SUM(Sales[Amount])", "=SUM(Sales_2[[Amount (2)]])"),
            ("[@Amount]*2", "=Sales_2[[#This Row],[Amount (2)]]*2"),
            ("=Sales[@[Unit '[kWh']]]", "=Sales_2[[#This Row],[Unit '[kWh']]]"),
            ("='My sheet?'!A1", "='My sheet'!A1"),
            ("=MAXIFS(A1:A2,A1:A2,1)", "=_xlfn.MAXIFS(A1:A2,A1:A2,1)"),
            ('="Sales[Amount]"', '="Sales[Amount]"'),
            ("=Other[#All]", "=Other[#All]"),
        ],
    )
    def test_writes_names_as_the_file_has_them(self, written: str, stored: str) -> None:
        assert rewrite_formula(written, self.NAMES) == stored
