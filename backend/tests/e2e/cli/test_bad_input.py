"""Whatever is wrong with what is typed: one sentence, the right code, nothing half done."""

import pytest

from tests.e2e.cli.command import GOAL, Ended, Madang

NOT_A_TASK = "00000000-0000-4000-8000-000000000000"


def is_one_sentence(ended: Ended) -> bool:
    """Whether a refusal is one line, not a traceback, and standard output is empty."""
    lines = ended.err.splitlines()
    return len(lines) == 1 and lines[0].startswith("madang: ") and ended.out == ""


class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (("run",), 2, "what you want to have made"),
            (("run", ""), 2, "The goal is empty"),
            (("run", "x" * 50_000), 2, "50,000 characters"),
            (("run", GOAL, "--resume", NOT_A_TASK), 2, "leave out the goal"),
            (("run", GOAL, "--file", "nowhere.csv"), 4, "nowhere.csv"),
            (("run", GOAL, "--file", "."), 2, "is a folder"),
            (("run", GOAL, "--file", "/dev/zero"), 2, "no ordinary file"),
            (("run", GOAL, "--file", "sales.csv", "--out", "sales.csv"), 2, "is a file"),
            (("run", GOAL, "--model", "nobody:nothing"), 2, "nobody:nothing"),
            (("run", GOAL, "--model", "nonsense"), 2, "Set --model to"),
            (("plan", "new", GOAL, "--allow-model", "nonsense"), 2, "Set --allow-model to"),
            (("run", GOAL, "--priority", "urgent"), 2, "--priority"),
            (("run", "--resume", NOT_A_TASK, "--priority", "high"), 2, "--priority"),
            (("run", GOAL, "--cap-usd", "nan"), 2, "--cap-usd"),
            (("run", GOAL, "--cap-usd", "-1"), 2, "--cap-usd"),
            (("run", GOAL, "--cap-usd", "much"), 2, "--cap-usd"),
            (("files", "add", "nowhere.csv"), 4, "nowhere.csv"),
        ],
    )
    def test_is_refused_before_anything_is_started(
        self, madang: Madang, words: tuple[str, ...], code: int, said: str
    ) -> None:
        ended = madang.run(*words)
        assert ended.code == code, ended.err
        assert said in ended.err
        assert is_one_sentence(ended)
        assert not (madang.data_dir / "postgres-setup.log").exists()
        assert sorted(path.name for path in madang.folder.iterdir() if path.is_file()) == [
            "notes.md",
            "sales.csv",
        ]

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (("run", "--resume", NOT_A_TASK), 4, NOT_A_TASK),
            (("run", "--resume", "abcd1234"), 4, "task list"),
            (("task", "show", "ab"), 2, "too short"),
            (("task", "list", "--status", "lost"), 2, "'lost'"),
            (("files", "remove", "abcd1234"), 4, "files list"),
            (("files", "search", "  "), 2, "characters to search for"),
        ],
    )
    def test_about_what_is_not_there_is_refused(
        self, experienced: Madang, words: tuple[str, ...], code: int, said: str
    ) -> None:
        ended = experienced.run(*words)
        assert ended.code == code, ended.err
        assert said in ended.err
        assert is_one_sentence(ended)

    def test_in_a_file_is_refused_by_its_name(self, experienced: Madang) -> None:
        (experienced.folder / "fake.pdf").write_bytes(b"no pdf at all, only words\n" * 9)
        (experienced.folder / "empty.csv").write_bytes(b"")
        for name in ("fake.pdf", "empty.csv"):
            ended = experienced.run("run", GOAL, "--file", name, "--yes")
            assert (ended.code, name in ended.err) == (2, True), ended.err
            assert is_one_sentence(ended)

    def test_that_is_no_utf8_is_not_the_end(self, experienced: Madang) -> None:
        goal = b"a report on \xff\xfe sales".decode("utf-8", "surrogateescape")
        ended = experienced.run("run", goal, "--file", "sales.csv", "--json")
        assert ended.code == 0, ended.err
        assert ended.document["task"]["status"] == "planned"

    def test_is_a_problem_document_where_json_is_wanted(self, madang: Madang) -> None:
        ended = madang.run("run", GOAL, "--file", "nowhere.csv", "--json")
        assert ended.document["code"] == "path_missing"
        assert ended.document["exit_code"] == ended.code == 4


class TestBadSettings:
    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("MADANG_SERVER__PORT", "many", 2),
            ("MADANG_ENVIRONMENT", "production", 2),
            ("MADANG_DATABASE__URL", "mysql://127.0.0.1/x", 7),
            ("MADANG_DATABASE__URL", "postgresql://127.0.0.1:1/x", 7),
            ("MADANG_DATA_DIR", "/proc/nowhere", 7),
        ],
    )
    def test_are_named_in_one_sentence(
        self, madang: Madang, name: str, value: str, code: int
    ) -> None:
        ended = madang.run("task", "list", **{name: value})
        assert ended.code == code, ended.err
        assert is_one_sentence(ended)

    def test_do_not_stop_the_doctor(self, madang: Madang) -> None:
        ended = madang.run("doctor", "--json", MADANG_DATABASE__URL="postgresql://127.0.0.1:1/x")
        states = {check["name"]: check["state"] for check in ended.document["checks"]}
        assert ended.code == 7
        assert (states["database"], states["python"], states["model"]) == ("fail", "ok", "ok")

    def test_of_a_database_that_is_away_stop_a_server_without_a_traceback(
        self, madang: Madang
    ) -> None:
        away = {"MADANG_DATABASE__URL": "postgresql://127.0.0.1:1/x", "MADANG_SERVER__PORT": "1"}
        for words in (("serve", "--port", "18973"), ("worker",)):
            ended = madang.run(*words, **away)
            assert ended.code == 7
            assert "madang: The database cannot be reached" in ended.err
            assert "Traceback" not in ended.err
