"""A task is exported, its model server stopped, and replayed without any network."""

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError, disable_socket

from app.runtime import Runtime
from app.services.bundles import BundleTampered, replay_bundle
from app.services.bundles.replay import Replay
from app.sources import sentence_embedder
from tests.factories.bundles import (
    archive_of,
    edited,
    ended_task,
    exported,
    json_member,
    members_of,
)
from tests.factories.scripted_behaviour import Act, Behaviour
from tests.factories.scripted_server import ScriptedModelServer


async def replayed_offline(bundle: Path) -> Replay:
    """Replay with every socket but those of this machine's own database forbidden."""
    disable_socket(allow_unix_socket=True)
    with pytest.raises(SocketBlockedError):
        socket.socket()
    return await replay_bundle(bundle, sentence_embedder())


class TestReplayOfABuiltinTask:
    @pytest.mark.parametrize("is_korean", [False, True], ids=["english", "korean"])
    async def test_makes_the_same_files(
        self, working: Runtime, tmp_path: Path, is_korean: bool
    ) -> None:
        task = await ended_task(working, is_korean=is_korean)
        assert task.status == "done", task
        replay = await replayed_offline(await exported(working, task.id, tmp_path))
        assert {f.name: f.sha256 for f in replay.files} == {
            a.name: a.sha256 for a in task.artifacts
        }
        assert len(replay.files) == 3
        assert replay.is_equal
        assert replay.replies == 0
        assert replay.other_versions == ()


class TestReplayOfAModelTask:
    async def test_makes_the_same_files_from_the_recorded_replies(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        task = await ended_task(modelled)
        assert task.status == "done", task
        assert task.spent_usd > 0
        bundle = await exported(modelled, task.id, tmp_path)
        asked = len(server.requests)
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files
        assert len(replay.files) == 3
        calls = json_member(bundle, "calls.json")
        assert replay.replies == sum(c["step_key"] != "plan" for c in calls) > 0
        assert len(server.requests) == asked

    async def test_that_was_repaired_and_sent_again(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        server.queue(Act.PLAIN, Act.CUT, Act.OUTSIDE_SCHEMA, Act.CONTEXT_TOO_LONG)
        task = await ended_task(modelled)
        assert task.status == "done", task
        bundle = await exported(modelled, task.id, tmp_path)
        statuses = {c["status"] for c in json_member(bundle, "calls.json")}
        assert statuses == {"done", "unknown", "rejected"}
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files

    async def test_that_ended_partial_leaves_out_what_failed(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        server.answers("workbook", {"unexpected": 7})
        task = await ended_task(modelled)
        assert task.status == "partial", task
        bundle = await exported(modelled, task.id, tmp_path)
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files
        assert replay.files


class TestReplayOfAChangedBundle:
    async def test_says_which_file_differs(self, working: Runtime, tmp_path: Path) -> None:
        task = await ended_task(working)
        members = members_of(await exported(working, task.id, tmp_path))
        name = task.artifacts[0].name
        other = b"another file"

        def change(files: list[dict[str, object]]) -> None:
            from app.core.blobs import sha256_hex

            next(f for f in files if f["name"] == name)["sha256"] = sha256_hex(other)

        changed = edited({**members, f"files/{'0' * 64}": other}, "files.json", change)
        path = tmp_path / "changed.zip"
        path.write_bytes(archive_of(changed))
        with pytest.raises(BundleTampered):
            await replay_bundle(path, sentence_embedder())
