"""The command line's words in both languages."""

import re
from string import Formatter

import pytest

from app.cli.messages import CATALOGUES, message
from tests.architecture.source_tree import source_files

# Keys that are put together from the name of a status, an agent, an event or a check.
FAMILIES = re.compile(
    r"(agent|caveat|check|doctor_database|end|line|policy|priority|reason|status|step|task)_\w+"
)


def facts_of(text: str) -> set[str]:
    """Return the names of the facts that a text asks for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


class TestCatalogues:
    def test_have_the_same_keys(self) -> None:
        assert CATALOGUES["en"].keys() == CATALOGUES["ko"].keys()

    @pytest.mark.parametrize("key", sorted(CATALOGUES["en"]))
    def test_ask_for_the_same_facts(self, key: str) -> None:
        assert facts_of(CATALOGUES["en"][key]) == facts_of(CATALOGUES["ko"][key])

    def test_have_no_empty_entry(self) -> None:
        empty = [key for words in CATALOGUES.values() for key, text in words.items() if not text]
        assert empty == []

    def test_hold_nothing_that_is_never_said(self) -> None:
        code = "".join(
            file.text for file in source_files("app/cli") if "messages_" not in file.name
        )
        unsaid = [
            key
            for key in CATALOGUES["en"]
            if f'"{key}"' not in code and f"'{key}'" not in code and not FAMILIES.fullmatch(key)
        ]
        assert unsaid == []


class TestMessage:
    def test_fills_in_the_facts(self) -> None:
        assert message("progress", "en", done=2, total=5) == "2 of 5 steps"
        assert message("progress", "ko", done=2, total=5) == "5단계 중 2단계"
