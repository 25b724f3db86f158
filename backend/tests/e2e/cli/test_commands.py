"""Every other command, on a data folder with one finished task."""

import subprocess
import sys
from typing import Any

from app.schemas.file import FileList, PassageList
from app.schemas.task import TaskRead, TaskSummary
from app.services.accounts import API_KEY_START
from tests.e2e.cli.command import BACKEND, GOAL, Ended, Madang

HEAVY = ("pydantic", "sqlalchemy", "rich", "numpy", "fastapi", "langchain_core", "app.runtime")


class TestStart:
    def test_loads_nothing_heavy_for_help(self) -> None:
        code = f"import sys, app.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=BACKEND, capture_output=True, text=True, check=True
        )
        assert done.stdout == "[]\n"


class TestFiles:
    def test_are_listed_as_they_were_given(self, experienced: Madang, finished: Ended) -> None:
        files = FileList.model_validate(experienced.run("files", "list", "--json").document)
        assert {"sales.csv", "notes.md"} <= {file.name for file in files.items}

    def test_are_searched_by_meaning(self, experienced: Madang, finished: Ended) -> None:
        ended = experienced.run("files", "search", "orders next quarter", "--json")
        hits = PassageList.model_validate(ended.document).items
        assert hits[0].file_name == "notes.md"
        assert "double in the second quarter" in hits[0].text

    def test_come_and_go(self, experienced: Madang, finished: Ended) -> None:
        (experienced.folder / "extra.md").write_text("# Extra\n\nOne more thing to know.\n")
        added = experienced.run("files", "add", "extra.md", "--json").document
        [file] = FileList.model_validate(added).items
        assert experienced.run("files", "remove", file.id[:8]).code == 0
        left = experienced.run("files", "list", "--json").document
        assert file.id not in {f["id"] for f in left["items"]}


class TestTasks:
    def test_are_listed(self, experienced: Madang, finished: Ended) -> None:
        items = experienced.run("task", "list", "--status", "done", "--json").document["items"]
        ids = [TaskSummary.model_validate(item).id for item in items]
        assert finished.document["task"]["id"] in ids

    def test_show_plan_steps_and_files(self, experienced: Madang, finished: Ended) -> None:
        task_id = finished.document["task"]["id"]
        said = experienced.run("task", "show", task_id[:8])
        assert GOAL in said.out
        assert "checks passed" in said.out
        read = TaskRead.model_validate(
            experienced.run("task", "show", task_id, "--json").document["task"]
        )
        assert read.id == task_id

    def test_tell_what_happened_in_order(self, experienced: Madang, finished: Ended) -> None:
        task_id = finished.document["task"]["id"]
        document: dict[str, Any] = experienced.run(
            "task", "events", task_id, "--follow", "--json"
        ).document
        assert [item["seq"] for item in document["items"]] == list(
            range(1, len(document["items"]) + 1)
        )
        assert document["items"][0]["kind"] == "task.created"
        assert document["items"][-1]["kind"] == "task.ended"

    def test_are_cancelled_before_they_run(self, experienced: Madang, finished: Ended) -> None:
        planned = experienced.run("run", GOAL, *experienced.files, "--json").document["task"]["id"]
        cancelled = experienced.run("task", "cancel", planned, "--json")
        assert cancelled.document["task"]["status"] == "cancelled"
        refused = experienced.run("run", "--resume", planned)
        assert (refused.code, "Start it anew" in refused.err) == (5, True)

    def test_that_are_done_cannot_be_paused(self, experienced: Madang, finished: Ended) -> None:
        ended = experienced.run("task", "pause", finished.document["task"]["id"])
        assert ended.code == 5


class TestKeys:
    def test_are_made_beside_each_other_and_replaced_together(self, experienced: Madang) -> None:
        first = experienced.run("key", "new", "--name", "laptop")
        assert first.out.startswith(API_KEY_START)
        assert "only once" in first.err
        replaced = experienced.run("key", "reset", "--json").document
        assert replaced["key"].startswith(API_KEY_START)
        assert replaced["replaces_others"] is True


class TestMigrate:
    def test_makes_the_tables_once(self, madang: Madang) -> None:
        assert madang.run("migrate", "--json").document == {"is_changed": True}
        assert madang.run("migrate", "--json").document == {"is_changed": False}


class TestDoctor:
    def test_finds_this_machine_ready(self, experienced: Madang, finished: Ended) -> None:
        document = experienced.run("doctor", "--json").document
        failed = [check for check in document["checks"] if check["state"] == "fail"]
        assert failed == []
        assert document["is_ready"] is True

    def test_shows_how_quotes_held(self, experienced: Madang, finished: Ended) -> None:
        document = experienced.run("doctor", "--quotes", "--json").document
        assert document["expected_inside"] == 0.8
        assert document["rows"][0]["agent"] is None
        assert {"research", "review"} <= {row["agent"] for row in document["rows"]}
        told = experienced.run("doctor", "--quotes")
        assert told.code == 0
        assert "whole plan" in told.out


class TestSpending:
    def test_shows_and_bounds_the_day(self, madang: Madang) -> None:
        assert madang.run("spending", "--json").document["cap_usd"] is None
        bounded = madang.run("spending", "--daily-cap-usd", "2.5", "--json")
        assert (bounded.code, bounded.document["cap_usd"]) == (0, 2.5)
        assert madang.run("spending", "--no-daily-cap", "--json").document["cap_usd"] is None
        both = madang.run("spending", "--no-daily-cap", "--daily-cap-usd", "1")
        assert both.code == 2
        assert "--daily-cap-usd must be" in madang.run("spending", "--daily-cap-usd", "-1").err
