"""A provider that refuses, seen from the command line."""

from pathlib import Path

from tests.e2e.cli.command import GOAL, Madang
from tests.factories.scripted_server import ScriptedModelServer


class TestWrongKey:
    def test_ends_with_the_code_for_access_and_leaves_no_task(
        self, madang: Madang, tmp_path: Path
    ) -> None:
        with ScriptedModelServer(tmp_path / "bill.jsonl") as server:
            provider = {
                "MADANG_MODEL__NAME": "openai:scripted",
                "MADANG_MODEL__BASE_URL": server.base_url,
                "MADANG_MODEL__API_KEY": "sk-wrong",
                "MADANG_MODEL__INPUT_USD_PER_MTOK": "1",
                "MADANG_MODEL__OUTPUT_USD_PER_MTOK": "4",
            }
            ended = madang.run("run", GOAL, *madang.files, "--yes", **provider)
        assert ended.code == 3, ended.err
        assert "MADANG_MODEL__API_KEY" in ended.err
        assert "sk-wrong" not in ended.err + ended.out
        assert "Traceback" not in ended.err
        listed = madang.run("task", "list", "--json")
        assert listed.document["items"] == []
