"""Replays of a bundle made by hand: what is equal, what differs, what is new or was not made."""

from pathlib import Path

import pytest

from app.services.bundles import Replay, replay_bundle
from tests.factories.bundles import archive_of, edited
from tests.factories.recordings import NAME, small_bundle


async def replay_of(path: Path) -> Replay:
    """Replay without the sentence model: words alone find what is needed here."""
    return await replay_bundle(path, None)


@pytest.fixture
async def made(tmp_path: Path) -> bytes:
    """Return the report that the small bundle's plan makes."""
    small_bundle(tmp_path / "first.zip")
    (file,) = (await replay_of(tmp_path / "first.zip")).files
    assert file.content is not None
    return file.content


class TestReplay:
    async def test_that_makes_the_recorded_bytes_is_equal(
        self, tmp_path: Path, made: bytes
    ) -> None:
        small_bundle(tmp_path / "task.zip", made=made)
        replay = await replay_of(tmp_path / "task.zip")
        assert replay.is_equal
        assert [file.is_equal for file in replay.files] == [True]

    async def test_that_makes_other_bytes_is_not(self, tmp_path: Path) -> None:
        small_bundle(tmp_path / "task.zip")
        replay = await replay_of(tmp_path / "task.zip")
        assert not replay.is_equal
        (file,) = replay.files
        assert file.name == NAME
        assert None not in {file.sha256, file.expected_sha256, file.content}

    async def test_of_a_failed_step_does_not_run_it(self, tmp_path: Path, made: bytes) -> None:
        members = small_bundle(tmp_path / "task.zip", made=made)

        def fail(steps: list[dict[str, object]]) -> None:
            steps[0].update(status="failed", error={"code": "x", "message": "It broke."})

        changed = edited(members, "steps.json", fail)
        (tmp_path / "task.zip").write_bytes(archive_of(changed))
        (file,) = (await replay_of(tmp_path / "task.zip")).files
        assert (file.content, file.is_equal) == (None, False)

    async def test_that_makes_a_file_more_is_not_equal(self, tmp_path: Path) -> None:
        members = small_bundle(tmp_path / "task.zip")
        changed = edited(members, "files.json", lambda files: files.clear())
        (tmp_path / "task.zip").write_bytes(archive_of(changed))
        replay = await replay_of(tmp_path / "task.zip")
        assert not replay.is_equal
        assert replay.files[0].expected_sha256 is None

    async def test_names_programs_of_another_version(self, tmp_path: Path) -> None:
        members = small_bundle(tmp_path / "task.zip")
        changed = edited(
            members, "manifest.json", lambda m: m["versions"].update({"madang": "0.0.1"})
        )
        (tmp_path / "task.zip").write_bytes(archive_of(changed))
        (other,) = (await replay_of(tmp_path / "task.zip")).other_versions
        assert other.startswith("madang 0.0.1 -> ")
