"""Reading CSV and its relatives."""

import pytest

from app.sources import FileLimits
from tests.unit.sources.files import read

PLAIN = "Region,Units\nNorth,1\nSouth,2\n"


class TestReadDelimited:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, delimiter: str) -> None:
        found = read(PLAIN.replace(",", delimiter), "a.csv").tables[0]
        assert found.rows == (("North", 1), ("South", 2))

    def test_takes_semicolons_with_decimal_commas(self) -> None:
        found = read("R;U;P\nA;1,5;2\nB;2,25;3\n", "a.csv").tables[0]
        assert found.rows == (("A", 1.5, 2), ("B", 2.25, 3))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
    def test_finds_the_encoding(self, encoding: str) -> None:
        content = "지역,판매 대수\n수도권,1200\n호남권,3400\n".encode(encoding)
        found = read(content, "a.csv").tables[0]
        assert [c.name for c in found.columns] == ["지역", "판매 대수"]
        assert found.rows[1] == ("호남권", 3400)

    def test_says_that_it_was_not_utf8(self) -> None:
        extract = read("지역,수\n수도권,1\n".encode("cp949"), "a.csv")
        assert extract.notices == ("a.csv is not UTF-8; it was read as cp949.",)

    def test_takes_western_accents_for_what_they_are(self) -> None:
        found = read("Città,Nº\nMünchen,1\nForlì,2\n".encode("cp1252"), "a.csv").tables[0]
        assert found.rows[0] == ("München", 1)

    def test_keeps_quoted_line_breaks_in_one_row(self) -> None:
        found = read('Name,Note\nA,"first\nsecond"\nB,x\n', "a.csv").tables[0]
        assert found.rows[0] == ("A", "first second")

    def test_obeys_the_separator_line_of_excel(self) -> None:
        assert read("sep=|\nA|B\nx|1\ny|2\n", "a.csv").tables[0].rows == (("x", 1), ("y", 2))

    def test_reports_rows_longer_than_the_header(self) -> None:
        extract = read("A,B\nx,1\ny,2\nz,3,oops\nw,4\n", "a.csv")
        assert extract.notices == ("1 rows of a.csv have more cells than the header; see rows 4.",)
        assert "oops" in extract.passages[0].text

    def test_skips_blank_rows_without_losing_count(self) -> None:
        extract = read("A,B\nx,1\n\n,\ny,2\n", "a.csv")
        assert [p.locator for p in extract.passages] == ["row 2", "row 5"]

    def test_cuts_the_rows_into_passages_of_twenty(self) -> None:
        rows = "\n".join(f"r{n},{n}" for n in range(45))
        extract = read(f"A,B\n{rows}\n", "a.csv")
        assert [p.locator for p in extract.passages] == ["rows 2-21", "rows 22-41", "rows 42-46"]
        assert extract.passages[0].text.splitlines()[3] == "A: r3; B: 3"

    def test_reads_a_long_table_whole_but_quotes_only_its_first_rows(self) -> None:
        rows = "\n".join(f"r{n},{n}" for n in range(100))
        extract = read(f"A,B\n{rows}\n", "a.csv", limits=FileLimits(max_passage_rows=40))
        assert len(extract.tables[0].rows) == 100
        assert len(extract.passages) == 2
        assert "100 rows" in extract.notices[0]

    def test_computes_nothing_from_a_table_beyond_the_limit(self) -> None:
        rows = "\n".join(f"r{n},{n}" for n in range(100))
        limits = FileLimits(max_table_rows=50, max_passage_rows=10)
        extract = read(f"A,B\n{rows}\n", "a.csv", limits=limits)
        assert extract.tables == ()
        assert "nothing is computed" in extract.notices[0]

    def test_leaves_out_columns_beyond_the_limit(self) -> None:
        extract = read("A,B,C\nx,1,2\ny,3,4\n", "a.csv", limits=FileLimits(max_table_columns=2))
        assert [c.name for c in extract.tables[0].columns] == ["A", "B"]
        assert "first 2" in extract.notices[0]

    def test_is_called_by_its_title_line(self) -> None:
        assert read(f"Units by region\n{PLAIN}", "a.csv").title == "Units by region"
        assert read(PLAIN, "a.csv").title == "a"
