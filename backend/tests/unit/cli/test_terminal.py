"""What goes to which stream."""

import json

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
