"""Names of uploaded files, made fit to store."""

import pytest

from app.services.files.errors import FileNameInvalid
from app.services.files.names import clean_name


class TestCleanName:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("C:\\reports\\sales.xlsx", "sales.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("sales\x00\n.csv", "sales.csv"),
            ("보고서.docx", "보고서.docx"),
        ],
        ids=["windows-path", "parent-path", "control-characters", "korean"],
    )
    def test_keeps_the_last_part_and_what_can_be_printed(self, given: str, kept: str) -> None:
        assert clean_name(given) == kept

    @pytest.mark.parametrize("name", ["", " ", ".", "..", "/"], ids=repr)
    def test_refuses_a_name_of_nothing(self, name: str) -> None:
        with pytest.raises(FileNameInvalid):
            clean_name(name)

    @pytest.mark.parametrize(
        ("letter", "count"),
        [("a", 250), ("가", 83), ("🙂", 62)],
        ids=["ascii", "korean", "emoji"],
    )
    def test_cuts_the_end_of_a_long_stem_and_keeps_the_extension(
        self, letter: str, count: int
    ) -> None:
        assert clean_name(f"{letter * 300}.xlsx") == f"{letter * count}.xlsx"

    def test_keeps_a_name_of_exactly_the_most_bytes(self) -> None:
        name = "가" * 83 + "ab.csv"
        assert len(name.encode()) == 255
        assert clean_name(name) == name

    def test_cuts_a_long_name_without_an_extension(self) -> None:
        assert clean_name("b" * 300) == "b" * 255

    def test_takes_no_sentence_for_an_extension(self) -> None:
        name = "note. " + "and so on " * 40
        assert clean_name(name) == name.strip()[:255].rstrip()
