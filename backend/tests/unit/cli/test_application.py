"""The command line as a whole."""

import json

import pytest

from app.cli import main
from app.cli.application import NOUNS, completed
from app.core.build import VERSION


class TestMain:
    def test_prints_the_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["version"]) == 0
        assert capsys.readouterr().out == f"madang {VERSION}\n"

    def test_prints_the_version_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["version", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["version"] == VERSION

    def test_refuses_an_unknown_command_in_one_line(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["dance"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("madang: No such command 'dance'.")
        assert said.err.count("\n") == 1

    def test_refuses_an_unknown_option_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["run", "goal", "--fast", "--json"]) == 2
        problem = json.loads(capsys.readouterr().out)
        assert (problem["code"], problem["exit_code"]) == ("usage", 2)
        assert "--fast" in problem["message"]

    @pytest.mark.parametrize("words", [[], *([noun] for noun in NOUNS)])
    def test_helps_where_a_noun_stands_alone(
        self, words: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(words) == 0
        assert "Commands:" in capsys.readouterr().out


class TestWithHelp:
    def test_leaves_a_goal_alone_that_is_called_like_a_noun(self) -> None:
        assert completed(["run", "task"]) == ["run", "task"]

    def test_makes_a_plan_of_a_goal(self) -> None:
        assert completed(["plan", "Brief the board"]) == ["plan", "new", "Brief the board"]
        assert completed(["plan", "--file", "a.csv", "x"]) == [
            "plan",
            "new",
            "--file",
            "a.csv",
            "x",
        ]

    @pytest.mark.parametrize("verb", ["new", "show", "edit", "approve", "auto-approve", "--help"])
    def test_leaves_the_words_of_plans_alone(self, verb: str) -> None:
        assert completed(["plan", verb, "abcd"]) == ["plan", verb, "abcd"]
