"""`madang export` on one machine and `madang replay` on another, with nothing but the file."""

import json
import zipfile
from pathlib import Path

import pytest

from app.core.blobs import sha256_hex
from tests.e2e.cli.command import GOAL, Ended, Madang
from tests.e2e.cli.conftest import a_user
from tests.factories.bundles import archive_of, edited, members_of
from tests.factories.scripted_server import KEY, ScriptedModelServer


@pytest.fixture(scope="module")
def bundle(experienced: Madang, finished: Ended) -> Path:
    """Return the bundle of the finished task."""
    task_id = finished.document["task"]["id"]
    ended = experienced.run("export", task_id[:8], "--out", "task.zip", "--json")
    assert ended.code == 0, ended.err
    path = experienced.folder / "task.zip"
    assert ended.document["sha256"] == sha256_hex(path.read_bytes())
    return path


class TestExport:
    def test_again_writes_the_same_and_over_no_other_file(
        self, experienced: Madang, finished: Ended, bundle: Path
    ) -> None:
        task_id = finished.document["task"]["id"]
        assert experienced.run("export", task_id, "--out", str(bundle)).code == 0
        ended = experienced.run("export", task_id, "--out", "notes.md")
        assert ended.code == 2
        assert "notes.md" in ended.err

    def test_of_an_unknown_task(self, experienced: Madang) -> None:
        ended = experienced.run("export", "ffffffff", "--json")
        assert (ended.code, ended.document["code"]) == (4, "id_unknown")


class TestReplay:
    def test_elsewhere_makes_the_same_files(
        self, finished: Ended, bundle: Path, madang: Madang
    ) -> None:
        ended = madang.run("replay", str(bundle), "--out", "again", "--json")
        assert ended.code == 0, ended.err
        document = ended.document
        assert (document["is_equal"], document["cost_usd"]) == (True, 0)
        made = {a["name"]: a["sha256"] for a in finished.document["task"]["artifacts"]}
        assert {f["name"]: f["sha256"] for f in document["files"]} == made
        on_disk = {p.name: sha256_hex(p.read_bytes()) for p in map(Path, _paths(document))}
        assert on_disk == made
        assert not (madang.data_dir / "postgres").exists()
        assert not (madang.data_dir / "cluster-id").exists()

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en_US.UTF-8", "equal to the original"), ("ko_KR.UTF-8", "원본과 같음")],
    )
    def test_says_so_in_words(
        self, bundle: Path, madang: Madang, language: str, words: str
    ) -> None:
        ended = madang.run("replay", str(bundle), LANG=language, LC_ALL=language)
        assert ended.code == 0, ended.err
        assert ended.out.count(words) == 3

    def test_that_differs_ends_with_five_and_leaves_the_files_to_look_at(
        self, bundle: Path, madang: Madang
    ) -> None:
        members = members_of(bundle)
        (name,) = [f["name"] for f in json.loads(members["files.json"]) if f["name"][-4:] == "docx"]
        other = b"another report"

        def change(files: list[dict[str, object]]) -> None:
            next(f for f in files if f["name"] == name)["sha256"] = sha256_hex(other)

        members[f"files/{sha256_hex(other)}"] = other
        changed = madang.folder / "changed.zip"
        changed.write_bytes(archive_of(edited(members, "files.json", change)))
        ended = madang.run("replay", str(changed), "--out", "again", "--json")
        assert ended.code == 5
        wrong = [f["name"] for f in ended.document["files"] if not f["is_equal"]]
        assert wrong == [name]
        assert (madang.folder / "again" / name).exists()

    def test_of_a_bad_bundle_writes_nothing(self, bundle: Path, madang: Madang) -> None:
        bad = madang.folder / "bad.zip"
        bad.write_bytes(archive_of({**members_of(bundle), "../evil": b"x"}))
        cut = madang.folder / "cut.zip"
        cut.write_bytes(bundle.read_bytes()[:-100])
        for path, code in ((bad, "bundle_unsafe"), (cut, "bundle_unreadable")):
            ended = madang.run("replay", str(path), "--out", "again", "--json")
            assert (ended.code, ended.document["code"]) == (2, code)
            assert "Traceback" not in ended.err
        assert not (madang.folder / "again").exists()
        assert not (madang.folder.parent / "evil").exists()

    def test_of_no_file(self, madang: Madang) -> None:
        ended = madang.run("replay", "nothing.zip", "--json")
        assert (ended.code, ended.document["code"]) == (4, "path_missing")
        assert madang.run("replay", ".").code == 2


class TestReplayOfAModelTask:
    def test_needs_neither_key_nor_server(self, madang: Madang, tmp_path: Path) -> None:
        with ScriptedModelServer(tmp_path / "bill.jsonl") as server:
            provider = {
                "MADANG_MODEL__NAME": "openai:scripted",
                "MADANG_MODEL__BASE_URL": server.base_url,
                "MADANG_MODEL__API_KEY": KEY,
                "MADANG_MODEL__INPUT_USD_PER_MTOK": "1",
                "MADANG_MODEL__OUTPUT_USD_PER_MTOK": "4",
            }
            ran = madang.run("run", GOAL, *madang.files, "--yes", "--json", **provider)
            assert ran.code == 0, ran.err
            asked = len(server.requests)
        task = ran.document["task"]
        assert madang.run("export", task["id"], "--out", "task.zip").code == 0
        bundle = madang.folder / "task.zip"
        assert KEY.encode() not in bundle.read_bytes()
        with a_user() as other:
            ended = other.run("replay", str(bundle), "--json")
        assert ended.code == 0, ended.err
        assert ended.document["is_equal"] is True
        assert 0 < ended.document["replies"] < asked
        with zipfile.ZipFile(bundle) as archive:
            assert any(name.startswith("requests/") for name in archive.namelist())


def _paths(document: dict[str, list[dict[str, str]]]) -> list[str]:
    return [file["path"] for file in document["files"]]
