"""A task is exported, its model server stopped, and replayed without any network."""

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError, disable_socket

from app.agents.replay_ledger import BundleIncomplete
from app.runtime import Runtime
from app.services.bundles import replay_bundle
from app.services.bundles.replay import Replay
from app.sources import sentence_embedder
from tests.factories.bundles import (
    archive_of,
    edited,
    ended,
    ended_task,
    exported,
    json_member,
    members_of,
    owner_id,
)
from tests.factories.scripted_behaviour import Act
from tests.factories.scripted_server import ScriptedModelServer


async def replayed_offline(bundle: Path) -> Replay:
    """Replay with every socket but those of this machine's own database forbidden."""
    disable_socket(allow_unix_socket=True)
    with pytest.raises(SocketBlockedError), pytest.warns(UserWarning, match="socket"):
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
        server.stop()
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files
        assert len(replay.files) == 3
        calls = json_member(bundle, "calls.json")
        assert replay.replies == sum(c["step_key"] != "plan" for c in calls) > 0
        assert len(server.requests) == asked

    @pytest.mark.parametrize(
        ("acts", "expected"),
        [
            ((Act.CUT, Act.OUTSIDE_SCHEMA), {"done", "unknown"}),
            ((Act.CONTEXT_TOO_LONG,), {"done", "rejected"}),
        ],
        ids=["repaired_and_sent_again", "shortened"],
    )
    async def test_that_did_not_go_smoothly(
        self,
        modelled: Runtime,
        server: ScriptedModelServer,
        tmp_path: Path,
        acts: tuple[Act, ...],
        expected: set[str],
    ) -> None:
        server.queue(Act.OK, *acts)
        task = await ended_task(modelled)
        assert task.status == "done", task
        bundle = await exported(modelled, task.id, tmp_path)
        statuses = {c["status"] for c in json_member(bundle, "calls.json")}
        assert statuses == expected
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files

    async def test_that_ended_partial_leaves_out_what_failed(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        server.answer("workbook", {"unexpected": 7})
        task = await ended_task(modelled)
        assert task.status == "partial", task
        bundle = await exported(modelled, task.id, tmp_path)
        replay = await replayed_offline(bundle)
        assert replay.is_equal, replay.files
        assert replay.files

    async def test_that_was_resumed_takes_the_replies_of_its_last_try(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        server.queue(*[Act.OK] * 2, *[Act.WRONG_KEY] * 2)
        task = await ended_task(modelled)
        assert task.status in {"partial", "failed"}, task
        user_id = await owner_id(modelled)
        await modelled.tasks.resume(user_id, task.id)
        task = await ended(modelled, task.id)
        assert task.status == "done", task
        replay = await replayed_offline(await exported(modelled, task.id, tmp_path))
        assert replay.is_equal, replay.files
        assert len(replay.files) == 3

    async def test_with_a_reply_taken_out_is_refused_and_names_it(
        self, modelled: Runtime, tmp_path: Path
    ) -> None:
        task = await ended_task(modelled)
        members = members_of(await exported(modelled, task.id, tmp_path))

        def forget(calls: list[dict[str, object]]) -> None:
            calls[:] = [call for call in calls if call["operation"] != "deck"]

        path = tmp_path / "less.zip"
        path.write_bytes(archive_of(edited(members, "calls.json", forget)))
        with pytest.raises(BundleIncomplete, match="deck"):
            await replayed_offline(path)
