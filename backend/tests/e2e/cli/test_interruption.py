"""Ctrl+C, SIGTERM, kill -9, and a database that goes away: nothing is lost."""

import signal

import pytest

from tests.e2e.cli.command import (
    GOAL,
    Ended,
    Madang,
    cut_power,
    end_of,
    kill_database,
    wait_for_line,
)

ROWS = 1500


@pytest.fixture
def slow(madang: Madang) -> Madang:
    """Return a user whose workbook takes seconds to build."""
    madang.grow_sales(ROWS)
    return madang


def resumed(madang: Madang, *words: str) -> Ended:
    """Resume the newest task."""
    [task] = madang.run("task", "list", "--limit", "1", "--json").document["items"]
    return madang.run("run", "--resume", task["id"][:8], "--json", *words)


class TestCtrlC:
    def test_pauses_the_task_and_says_how_to_go_on(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes")
        wait_for_line(process, "started")
        process.send_signal(signal.SIGINT)
        ended = end_of(process)
        assert ended.code == 130, ended.err
        assert "Paused." in ended.err
        assert "Traceback" not in ended.err
        assert "run --resume" in ended.out.splitlines()[-1]
        again = resumed(slow)
        assert (again.code, again.document["task"]["status"]) == (0, "done")
        assert len(again.document["files"]) == 3

    def test_says_the_folder_again_that_was_asked_for(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes", "--out", "my files")
        wait_for_line(process, "started")
        process.send_signal(signal.SIGINT)
        assert end_of(process).out.splitlines()[-1].endswith(" --out 'my files'")

    def test_answers_with_a_paused_task_as_json(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes", "--json")
        wait_for_line(process, "started")
        process.send_signal(signal.SIGINT)
        ended = end_of(process)
        assert ended.document["task"]["status"] == "paused"
        assert ended.document["exit_code"] == 130

    def test_before_anything_runs_leaves_nothing_running(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes")
        process.send_signal(signal.SIGINT)
        assert end_of(process).code in {130, -signal.SIGINT}
        assert slow.run("task", "list", "--json").document["items"] == []

    def test_twice_leaves_at_once(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes")
        wait_for_line(process, "started")
        process.send_signal(signal.SIGINT)
        wait_for_line(process, "Pausing")
        process.send_signal(signal.SIGINT)
        assert end_of(process).code == 130
        again = resumed(slow)
        assert (again.code, again.document["task"]["status"]) == (0, "done")


class TestSigterm:
    def test_pauses_the_task(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes", "--json")
        wait_for_line(process, "started")
        process.send_signal(signal.SIGTERM)
        ended = end_of(process)
        assert ended.code == 143
        assert ended.document["task"]["status"] == "paused"


class TestKill:
    def test_loses_nothing(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes")
        wait_for_line(process, "started")
        cut_power(process)
        again = resumed(slow)
        assert (again.code, again.document["task"]["status"]) == (0, "done")


class TestDatabaseGone:
    def test_in_the_middle_is_waited_out(self, slow: Madang) -> None:
        process = slow.start("run", GOAL, *slow.files, "--yes", "--json")
        wait_for_line(process, "started")
        kill_database(slow.data_dir)
        ended = end_of(process)
        assert "The database is back." in ended.err
        assert (ended.code, ended.document["task"]["status"]) == (0, "done")
