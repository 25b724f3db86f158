"""What goes to which stream."""

import json

import pytest
from rich.table import Table

from tests.unit.cli.screen import Screen


class TestTerminal:
    def test_prints_nothing_but_the_document_as_json(self) -> None:
        screen = Screen(as_json=True)
        screen.terminal.show("a table")
        screen.terminal.say("no_tasks")
        screen.terminal.command("task", "list")
        screen.terminal.document({"제목": "보고"})
        assert json.loads(screen.out) == {"제목": "보고"}
        assert "보고" in screen.out

    def test_prints_no_document_for_people(self) -> None:
        screen = Screen()
        screen.terminal.document({"a": 1})
        screen.terminal.say("no_hits")
        assert screen.out == "Nothing was found.\n"

    def test_tells_what_happens_on_standard_error(self) -> None:
        screen = Screen(as_json=True)
        screen.terminal.tell("database_away")
        assert screen.out == ""
        assert "database" in screen.err

    def test_leaves_no_blanks_at_the_end_of_lines_in_a_pipe(self) -> None:
        table = Table(box=None)
        for name in ("a", "b"):
            table.add_column(name)
        table.add_row("1", "long enough to leave blanks")
        table.add_row("2", "x")
        screen = Screen(is_terminal=False)
        screen.terminal.show(table)
        assert [line for line in screen.out.splitlines() if line != line.rstrip()] == []
        assert "2" in screen.out

    def test_takes_square_brackets_for_text(self) -> None:
        screen = Screen()
        screen.terminal.fail("The file [bold]a[/bold].csv is not there.")
        assert "[bold]a[/bold].csv" in screen.err

    @pytest.mark.parametrize("is_terminal", [True, False])
    @pytest.mark.parametrize("code", ["\x1b]0;x\x07", "\x1b[2J", "\x9b2J", "\x07", "\u202e"])
    def test_lets_no_text_steer_the_terminal(self, code: str, *, is_terminal: bool) -> None:
        screen = Screen(is_terminal=is_terminal)
        table = Table(box=None)
        table.add_column()
        table.add_row(f"cell{code}")
        screen.terminal.show(f"words{code}", table)
        screen.terminal.fail(f"There is no file a{code}b.")
        screen.terminal.command("task", f"show{code}")
        assert code not in screen.out + screen.err
        assert "words" in screen.out
        assert "cell" in screen.out

    def test_lets_no_name_colour_what_is_said_of_it(self) -> None:
        screen = Screen()
        screen.terminal.fail("There is no file \x1b[8mhidden.")
        assert "\x1b[8m" not in screen.err
