"""No bundle is trusted: each kind of bad one is refused by name before anything is run."""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.agents.task_planner import content_hash
from app.core.errors import AppError
from app.schemas.plan import ExecutionPlan
from app.services.bundles import (
    BundleTampered,
    BundleUnreadable,
    BundleUnsafe,
    BundleVersionUnknown,
)
from app.services.bundles.recording import read_recording
from tests.factories.bundles import archive_of, consistent, edited
from tests.factories.recordings import small_bundle

Members = dict[str, bytes]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "task.zip"


@pytest.fixture
def members(bundle: Path) -> Members:
    return small_bundle(bundle)


def refused(bundle: Path, content: bytes, error: type[AppError]) -> str:
    """Write the bytes as a bundle, and return the words with which it is refused."""
    bundle.write_bytes(content)
    with pytest.raises(error) as caught:
        read_recording(bundle)
    assert caught.type is error
    return caught.value.message


def with_manifest(members: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """Return the members with another manifest."""
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return {**members, "manifest.json": json.dumps(manifest).encode()}


class TestWholeBundle:
    @pytest.mark.usefixtures("members")
    def test_is_read(self, bundle: Path) -> None:
        recording = read_recording(bundle)
        assert [step.key for step in recording.plan.steps] == ["report"]
        assert [extract.file_name for extract in recording.extracts] == ["ferries.md"]


class TestUnreadableBundle:
    @pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all" * 100], ids=len)
    def test_that_is_no_archive(self, bundle: Path, content: bytes) -> None:
        refused(bundle, content, BundleUnreadable)

    @pytest.mark.usefixtures("members")
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_that_was_cut_short(self, bundle: Path, share: float) -> None:
        content = bundle.read_bytes()
        assert "cut short" in refused(
            bundle, content[: int(len(content) * share)], BundleUnreadable
        )

    @pytest.mark.parametrize("tail", [b"", bytes(30)], ids=["at its end", "behind it"])
    def test_that_was_cut_short_at_a_file_that_is_an_archive_itself(
        self, bundle: Path, tail: bytes
    ) -> None:
        office_file = archive_of({"word/document.xml": b"<w/>"})
        small_bundle(bundle, made=office_file)
        content = bundle.read_bytes()
        end = content.index(office_file) + len(office_file)
        refused(bundle, content[:end] + tail, BundleUnreadable)

    def test_without_a_manifest(self, bundle: Path, members: Members) -> None:
        del members["manifest.json"]
        refused(bundle, archive_of(members), BundleUnreadable)

    @pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b"[" * 100_000, b'{"version": 1}'])
    def test_whose_manifest_is_nonsense(
        self, bundle: Path, members: Members, manifest: bytes
    ) -> None:
        refused(bundle, archive_of({**members, "manifest.json": manifest}), BundleUnreadable)

    def test_of_another_program(self, bundle: Path, members: Members) -> None:
        other = with_manifest(members, lambda m: m.update(format="other"))
        assert "not a bundle" in refused(bundle, archive_of(other), BundleUnreadable)

    def test_whose_member_was_damaged_on_its_way(self, bundle: Path, members: Members) -> None:
        content = bundle.read_bytes()
        place = content.index(members["task.json"]) + 20
        damaged = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        refused(bundle, damaged, BundleUnreadable)


class TestUnsafeBundle:
    @pytest.mark.parametrize(
        "name",
        [
            "../task.json",
            "files/../../task.json",
            "/etc/passwd",
            "C:\\task.json",
            "files\\..\\x",
            "files/./x",
            "files//x",
            "files/",
            "Task.json",
            "x/y/z",
            "task.json ",
            "일.json",
            "task\x01.json",
        ],
    )
    def test_with_an_odd_name(self, bundle: Path, members: Members, name: str) -> None:
        refused(bundle, archive_of({**members, name: b"x"}), BundleUnsafe)

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_with_a_member_twice(self, bundle: Path, members: Members) -> None:
        twice = [*members.items(), ("task.json", b"{}")]
        assert "more than once" in refused(bundle, archive_of(twice), BundleUnsafe)

    def test_that_is_a_bomb(self, bundle: Path, members: Members) -> None:
        bomb = archive_of({**members, "bomb": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED)
        assert len(bomb) < 100_000
        assert "packed" in refused(bundle, bomb, BundleUnsafe)

    def test_whose_directory_lies_about_sizes(self, bundle: Path) -> None:
        small_bundle(bundle)
        content = bytearray(bundle.read_bytes())
        entry = content.index(b"PK\x01\x02")
        struct.pack_into("<LL", content, entry + 20, 3_000_000_000, 3_000_000_000)
        refused(bundle, bytes(content), BundleUnsafe)

    def test_that_is_encrypted(self, bundle: Path) -> None:
        small_bundle(bundle)
        content = bytearray(bundle.read_bytes())
        struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 8, 1)
        refused(bundle, bytes(content), BundleUnsafe)


class TestBundleOfAnotherVersion:
    @pytest.mark.parametrize("version", [0, 2, 99])
    def test_is_named(self, bundle: Path, members: Members, version: int) -> None:
        other = with_manifest(members, lambda m: m.update(version=version, later_field=True))
        said = refused(bundle, archive_of(other), BundleVersionUnknown)
        assert f"version {version}" in said


class TestTamperedBundle:
    @pytest.mark.parametrize("name", ["task.json", "plan.json", "files.json", "calls.json"])
    def test_with_a_changed_member(self, bundle: Path, members: Members, name: str) -> None:
        changed = {**members, name: members[name] + b" "}
        assert name in refused(bundle, archive_of(changed), BundleTampered)

    def test_with_a_member_of_the_same_length(self, bundle: Path, members: Members) -> None:
        name = next(name for name in members if name.startswith("sources/"))
        changed = {**members, name: bytes(len(members[name]))}
        refused(bundle, archive_of(changed), BundleTampered)

    def test_with_a_member_more(self, bundle: Path, members: Members) -> None:
        assert "extra" in refused(bundle, archive_of({**members, "extra": b""}), BundleTampered)

    def test_with_a_member_less(self, bundle: Path, members: Members) -> None:
        del members["files.json"]
        assert "files.json" in refused(bundle, archive_of(members), BundleTampered)

    @pytest.mark.parametrize("name", ["task.json", "plan.json", "steps.json", "sources.json"])
    def test_with_a_part_less_and_a_manifest_that_fits(
        self, bundle: Path, members: Members, name: str
    ) -> None:
        del members[name]
        assert name in refused(bundle, archive_of(consistent(members)), BundleTampered)

    def test_whose_manifest_has_another_form(self, bundle: Path, members: Members) -> None:
        other = with_manifest(members, lambda m: m.pop("members"))
        refused(bundle, archive_of(other), BundleTampered)

    def test_with_another_plan_and_a_manifest_that_fits(
        self, bundle: Path, members: Members
    ) -> None:
        changed = edited(members, "plan.json", lambda p: p["plan"].update(goal="Something else"))
        assert "plan" in refused(bundle, archive_of(changed), BundleTampered)

    def test_with_other_text_under_an_extract_s_hash(self, bundle: Path, members: Members) -> None:
        name = next(name for name in members if name.startswith("extracts/"))
        changed = edited(members, name, lambda e: e.update(title="Another"))
        assert name in refused(bundle, archive_of(changed), BundleTampered)

    @pytest.mark.parametrize("file_name", ["../../evil.md", "/etc/evil.md", "..", "a\\b.md"])
    def test_whose_plan_would_write_elsewhere(
        self, bundle: Path, members: Members, file_name: str
    ) -> None:
        changed = edited(members, "plan.json", lambda p: rename(p, file_name))
        assert "file name" in refused(bundle, archive_of(changed), BundleTampered)

    @pytest.mark.parametrize(
        "task_id", ["/../../x", "..", "", "\0"], ids=["up", "dots", "none", "nul"]
    )
    def test_whose_task_id_would_name_another_folder(
        self, bundle: Path, members: Members, task_id: str
    ) -> None:
        changed = edited(members, "task.json", lambda t: t.update(id=task_id))
        assert "task.json" in refused(bundle, archive_of(changed), BundleTampered)

    @pytest.mark.parametrize("price", [1e308, 1_000_001, -1])
    def test_whose_price_is_absurd(self, bundle: Path, members: Members, price: float) -> None:
        def ask(recorded: dict[str, Any]) -> None:
            recorded["plan"]["price"] = {
                "input_usd_per_mtok": price,
                "output_usd_per_mtok": 1,
                "source": "forged",
            }

        changed = edited(members, "plan.json", ask)
        assert "plan.json" in refused(bundle, archive_of(changed), BundleTampered)

    @pytest.mark.parametrize(
        "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"]
    )
    def test_whose_day_cannot_be_told(self, bundle: Path, members: Members, moment: str) -> None:
        changed = edited(members, "task.json", lambda t: t.update(created_at=moment))
        assert "task.json" in refused(bundle, archive_of(changed), BundleTampered)


def rename(recorded: dict[str, Any], file_name: str) -> None:
    """Let the plan's step write another file, with hashes that fit."""
    plan = ExecutionPlan.model_validate(recorded["plan"])
    step = plan.steps[0].model_copy(update={"file_name": file_name})
    plan = plan.model_copy(update={"steps": (step,)})
    named = plan.model_copy(update={"content_hash": content_hash(plan)})
    recorded.update(plan=named.model_dump(mode="json"), content_hash=named.content_hash)
