"""What a bundle holds, and what it never holds."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, update

from app.agents.ledger_port import ModelRequest
from app.agents.replay_ledger import BundleIncomplete
from app.agents.transitions import TaskStatus
from app.core.blobs import BlobNotFound, sha256_hex
from app.core.config import Settings
from app.core.ids import new_id
from app.models import AgentTaskRow, Blob, ModelCall, User
from app.runtime import Runtime
from app.services.bundles import BundleSourceGone, TaskNotEnded, replay_bundle
from app.services.tasks import PlanNotFound, TaskMissing
from app.sources import sentence_embedder
from tests.factories.bundles import UPLOADS, ended_task, exported, json_member, members_of, owner_id
from tests.factories.scripted_behaviour import Act
from tests.factories.scripted_server import KEY, ScriptedModelServer
from tests.factories.tasks import make_task
from tests.factories.users import make_key_holder

EMAIL = "mina.kim@example.com"


async def set_step_error(runtime: Runtime, task_id: str, key: str, message: str) -> None:
    """Let a step have failed with this message."""
    async with runtime.database.transaction() as session:
        await session.execute(
            update(AgentTaskRow)
            .where(AgentTaskRow.task_id == task_id, AgentTaskRow.key == key)
            .values(status="failed", error={"code": "x", "message": message}, result_sha256=None)
        )


class TestBundle:
    async def test_is_the_same_bytes_each_time(self, working: Runtime, tmp_path: Path) -> None:
        task = await ended_task(working)
        first = (await exported(working, task.id, tmp_path)).read_bytes()
        assert (await exported(working, task.id, tmp_path)).read_bytes() == first

    async def test_names_every_member_with_its_hash(self, working: Runtime, tmp_path: Path) -> None:
        task = await ended_task(working)
        bundle = await exported(working, task.id, tmp_path)
        members, manifest = members_of(bundle), json_member(bundle, "manifest.json")
        assert (manifest["format"], manifest["version"]) == ("madang-bundle", 1)
        assert manifest["task_id"] == task.id
        assert {"madang", "python", "python-docx", "XlsxWriter"} <= manifest["versions"].keys()
        named = {m["name"]: m["sha256"] for m in manifest["members"]}
        assert named == {n: sha256_hex(c) for n, c in members.items() if n != "manifest.json"}

    async def test_holds_the_sources_and_the_files(self, working: Runtime, tmp_path: Path) -> None:
        task = await ended_task(working)
        members = members_of(await exported(working, task.id, tmp_path))
        for upload in UPLOADS:
            assert members[f"sources/{sha256_hex(upload.content)}"] == upload.content
        assert {f"files/{a.sha256}" for a in task.artifacts} <= members.keys()

    async def test_holds_every_prompt_reply_price_result_and_event(
        self, modelled: Runtime, server: ScriptedModelServer, tmp_path: Path
    ) -> None:
        task = await ended_task(modelled)
        bundle = await exported(modelled, task.id, tmp_path)
        members, calls = members_of(bundle), json_member(bundle, "calls.json")
        assert len(calls) == len(server.requests)
        for call in calls:
            content = members[f"requests/{call['request_hash']}.json"]
            request = ModelRequest.model_validate_json(content)
            assert request.request_hash == call["request_hash"]
            assert call["reply"]["text"]
        sent = {m["content"] for _, body in server.requests for m in body["messages"]}
        kept = [ModelRequest.model_validate_json(members[n]) for n in members if "requests" in n]
        assert all(request.prompt in sent for request in kept)
        prices = json_member(bundle, "prices.json")
        assert float(prices["spent_usd"]) == task.spent_usd
        assert prices["price"]["output_usd_per_mtok"] == 4
        events = await modelled.feed.events_after(task.id, 0)
        kinds = [event["kind"] for event in json_member(bundle, "events.json")]
        assert kinds == [event.kind for event in events]
        assert {f"results/{step.key}.json" for step in task.steps} <= members.keys()


class TestBundleSecrets:
    async def test_none_of_the_installation_is_in_it(
        self,
        modelled: Runtime,
        model_settings: Settings,
        server: ScriptedModelServer,
        tmp_path: Path,
    ) -> None:
        async with modelled.database.transaction() as session:
            await session.execute(update(User).values(email=EMAIL))
        server.queue(Act.OK, Act.SERVER_ERROR, Act.CUT)
        task = await ended_task(modelled)
        content = (await exported(modelled, task.id, tmp_path)).read_bytes()
        url = model_settings.database.url
        assert url is not None
        own = [
            KEY,
            EMAIL,
            await owner_id(modelled),
            str(model_settings.data_path),
            url.get_secret_value(),
            model_settings.secret_key.get_secret_value(),
            server.base_url,
            str(urlsplit(server.base_url).netloc),
            "Authorization",
            "Bearer ",
        ]
        assert [secret for secret in own if secret.encode() in content] == []

    async def test_of_an_error_stand_in_no_step_event_or_later_prompt(
        self, modelled: Runtime, model_settings: Settings, tmp_path: Path
    ) -> None:
        task = await ended_task(modelled)
        place = str(model_settings.data_path)
        message = f"The disk of {place} is full; sk-live-0123456789abcdef was refused."
        failed = task.steps[0].key
        await set_step_error(modelled, task.id, failed, message)
        bundle = await exported(modelled, task.id, tmp_path)
        steps = {step["key"]: step for step in json_member(bundle, "steps.json")}
        assert steps[failed]["error"]["message"] == (
            "The disk of [removed] is full; [removed] was refused."
        )
        content = bundle.read_bytes()
        assert place.encode() not in content
        assert b"sk-live" not in content


class TestExportRefused:
    async def test_for_another_user(self, runtime: Runtime) -> None:
        other = await make_key_holder(runtime.database, email="other@example.com")
        task = await make_task(runtime.database, other.user.id)
        with pytest.raises(TaskMissing):
            await runtime.bundles.export(await owner_id(runtime), task.id)

    async def test_for_an_unknown_task(self, runtime: Runtime) -> None:
        with pytest.raises(TaskMissing):
            await runtime.bundles.export(await owner_id(runtime), new_id())

    @pytest.mark.parametrize("status", ["planning", "planned", "running", "paused"])
    async def test_while_the_task_may_change(self, runtime: Runtime, status: str) -> None:
        user_id = await owner_id(runtime)
        task = await make_task(runtime.database, user_id, status=TaskStatus(status))
        with pytest.raises(TaskNotEnded, match=status):
            await runtime.bundles.export(user_id, task.id)

    async def test_without_a_plan(self, runtime: Runtime) -> None:
        user_id = await owner_id(runtime)
        task = await make_task(runtime.database, user_id, status=TaskStatus.FAILED)
        with pytest.raises(PlanNotFound):
            await runtime.bundles.export(user_id, task.id)

    async def test_when_a_source_was_deleted(self, working: Runtime) -> None:
        task, user_id = await ended_task(working), await owner_id(working)
        await working.files.delete(user_id, task.file_ids[0])
        with pytest.raises(BundleSourceGone):
            await working.bundles.export(user_id, task.id)

    async def test_when_the_data_folder_lost_a_file(self, working: Runtime) -> None:
        task, user_id = await ended_task(working), await owner_id(working)
        sha256 = task.artifacts[0].sha256
        working.blobs.path(sha256).unlink()
        async with working.database.transaction() as session:
            await session.execute(delete(Blob).where(Blob.sha256 == sha256))
        with pytest.raises(BlobNotFound):
            await working.bundles.export(user_id, task.id)


class TestCallsWithoutTheirRequest:
    async def test_of_an_older_installation_are_exported_by_their_hashes(
        self, modelled: Runtime, tmp_path: Path
    ) -> None:
        task = await ended_task(modelled)
        async with modelled.database.transaction() as session:
            await session.execute(update(ModelCall).values(request=None))
        bundle = await exported(modelled, task.id, tmp_path)
        assert not any(call["has_request"] for call in json_member(bundle, "calls.json"))
        # Nothing says that this runtime's answers may be 3000 tokens long, unlike the default.
        with pytest.raises(BundleIncomplete):
            await replay_bundle(bundle, sentence_embedder())
