"""`madang run` from a goal to files."""

import hashlib
import json
import threading
from pathlib import Path

from openpyxl import load_workbook

from app.schemas.task import TaskRead
from tests.e2e.cli.command import GOAL, Ended, Madang, end_of


class TestRun:
    def test_makes_the_files_and_says_so_in_one_document(self, finished: Ended) -> None:
        document = finished.document
        task = TaskRead.model_validate(document["task"])
        assert (finished.code, document["exit_code"], task.status) == (0, 0, "done")
        assert set(document) == {"task", "out_dir", "files", "exit_code"}
        suffixes = sorted(Path(file["path"]).suffix for file in document["files"])
        assert suffixes == [".docx", ".pptx", ".xlsx"]
        for file, artifact in zip(document["files"], task.artifacts, strict=True):
            content = Path(file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == artifact.sha256
            assert all(check.passed for check in artifact.checks)
            assert artifact.source_count > 0

    def test_leaves_a_workbook_that_opens(self, finished: Ended) -> None:
        [path] = [f["path"] for f in finished.document["files"] if f["path"].endswith(".xlsx")]
        assert load_workbook(path).sheetnames

    def test_keeps_its_logs_off_the_screen(self, finished: Ended, experienced: Madang) -> None:
        assert all(line[0] in "▸✓·T" for line in finished.err.splitlines()), finished.err
        assert (experienced.data_dir / "logs").is_dir()

    def test_writes_in_korean_and_speaks_it(self, experienced: Madang, finished: Ended) -> None:
        goal = "1분기 매출을 정리한 보고서를 만들어 줘"
        ended = experienced.run("run", goal, "--file", str(experienced.sales), "--yes")
        assert ended.code == 0, ended.err
        assert "계획" in ended.out
        assert "만에 완료 · 무료" in ended.out
        assert "단계 작업을 시작했습니다." in ended.err

    def test_speaks_english_about_a_korean_goal_when_told_to(
        self, experienced: Madang, finished: Ended
    ) -> None:
        words = ("run", "보고서를 만들어 줘", "--file", str(experienced.sales), "--language", "en")
        ended = experienced.run(*words)
        assert "Nothing was run" in ended.out

    def test_two_at_once_share_one_data_folder(self, madang: Madang) -> None:
        words = ("run", GOAL, *madang.files, "--yes", "--json")
        both = [madang.start(*words) for _ in range(2)]
        ends: list[Ended] = []
        readers = [threading.Thread(target=lambda p=p: ends.append(end_of(p))) for p in both]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert [(end.code, end.document["task"]["status"]) for end in ends] == [(0, "done")] * 2
        assert len({end.document["out_dir"] for end in ends}) == 2


class TestApproval:
    def test_is_needed_where_nobody_can_be_asked(self, madang: Madang) -> None:
        ended = madang.run("run", GOAL, *madang.files)
        assert ended.code == 0
        assert "Write the report" in ended.out
        assert "free, no model is called" in ended.out
        assert "--yes" in ended.out.splitlines()[-1]
        assert not (madang.folder / "madang-out").exists()

    def test_given_later_runs_exactly_the_plan_that_was_shown(self, madang: Madang) -> None:
        shown = madang.run("run", GOAL, *madang.files, "--json").document["task"]
        assert shown["status"] == "planned"
        ended = madang.run("run", "--resume", shown["id"][:8], "--yes", "--json")
        task = ended.document["task"]
        assert (ended.code, task["status"]) == (0, "done")
        assert task["content_hash"] == shown["content_hash"]


class TestOutput:
    def test_of_a_finished_task_is_written_again(
        self, experienced: Madang, finished: Ended
    ) -> None:
        task_id = finished.document["task"]["id"]
        ended = experienced.run("run", "--resume", task_id, "--out", "again", "--json")
        assert ended.code == 0
        first = {f["name"]: Path(f["path"]).read_bytes() for f in finished.document["files"]}
        again = {f["name"]: Path(f["path"]).read_bytes() for f in ended.document["files"]}
        assert again == first

    def test_never_replaces_a_file_of_the_users(self, experienced: Madang, finished: Ended) -> None:
        task = finished.document["task"]
        name = task["artifacts"][0]["name"]
        folder = experienced.folder / "mine"
        folder.mkdir()
        (folder / name).write_text("mine")
        ended = experienced.run("task", "files", task["id"], "--out", "mine")
        assert ended.code == 0
        assert (folder / name).read_text() == "mine"
        assert "(2)" in ended.out

    def test_that_cannot_be_written_leaves_the_task_done(
        self, experienced: Madang, finished: Ended
    ) -> None:
        (experienced.folder / "taken").write_text("x")
        words = ("task", "files", finished.document["task"]["id"], "--out", "taken/deep", "--json")
        ended = experienced.run(*words)
        assert ended.code == 7
        problem = json.loads(ended.out)
        assert (problem["code"], problem["facts"]["task_status"]) == ("files_not_written", "done")
        assert "task files" in problem["message"]
