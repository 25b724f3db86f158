"""From files and a goal to finished files, as a client of the API goes, with no model at all."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from httpx import AsyncClient
from openpyxl import load_workbook
from pptx import Presentation

from app.agents.review.rubric import PASS_SCORE
from app.core.blobs import sha256_hex
from tests.factories.users import KeyHolder
from tests.integration.api.test_events import following


@pytest.fixture
async def api(served: str, mina: KeyHolder) -> AsyncIterator[AsyncClient]:
    """Return Mina's client of a real server with a worker."""
    async with AsyncClient(base_url=served, headers=mina.headers, timeout=60) as opened:
        yield opened


def sample_files(folder: Path) -> list[tuple[str, bytes]]:
    """Return name and content of each sample."""
    paths = sorted(path for path in folder.iterdir() if path.name != "GOAL.txt")
    return [(path.name, path.read_bytes()) for path in paths]


async def upload(api: AsyncClient, files: list[tuple[str, bytes]]) -> list[str]:
    """Upload files; return their ids."""
    answer = await api.post("/api/v1/files", files=[("files", file) for file in files])
    assert answer.status_code == 201, answer.text
    items = answer.json()["items"]
    assert [item["name"] for item in items] == [name for name, _ in files]
    return [item["id"] for item in items]


async def download_all(api: AsyncClient, task_id: str) -> dict[str, bytes]:
    """Return every file of a task, by extension, each checked against its hash."""
    listed: list[dict[str, Any]] = (await api.get(f"/api/v1/tasks/{task_id}/artifacts")).json()[
        "items"
    ]
    files = {}
    for item in listed:
        answer = await api.get(f"/api/v1/tasks/{task_id}/artifacts/{item['name']}")
        assert sha256_hex(answer.content) == item["sha256"]
        assert all(check["passed"] for check in item["checks"])
        assert item["review"]["score"] >= PASS_SCORE
        assert item["review"]["judged_by"] is None
        files[Path(item["name"]).suffix] = answer.content
    return files


class TestComplexTask:
    @pytest.mark.parametrize(("language", "word"), [("en", "battery"), ("ko", "배터리")])
    async def test_makes_a_brief_a_workbook_and_a_deck(
        self, api: AsyncClient, repository_root: Path, language: str, word: str
    ) -> None:
        folder = repository_root / "samples" / language
        order = {
            "goal": (folder / "GOAL.txt").read_text(encoding="utf-8"),
            "file_ids": await upload(api, sample_files(folder)),
        }
        answer = await api.post("/api/v1/orchestrator/complex-task", json=order)
        assert answer.status_code == 202, answer.text
        task_id = answer.json()["id"]
        async with asyncio.timeout(90), following(api, task_id) as events:
            seen = [event async for event in events]
        assert [event.id for event in seen] == list(range(1, len(seen) + 1))
        assert seen[-1].kind == "task.ended"

        task = (await api.get(f"/api/v1/tasks/{task_id}")).json()
        assert task["status"] == "done", task
        assert task["spent_usd"] == 0
        assert task["progress"]["fraction"] == 1

        files = await download_all(api, task_id)
        assert set(files) == {".docx", ".xlsx", ".pptx"}
        text = "\n".join(p.text for p in Document(io.BytesIO(files[".docx"])).paragraphs)
        assert word in text.lower()
        assert len(load_workbook(io.BytesIO(files[".xlsx"])).sheetnames) >= 2
        assert len(Presentation(io.BytesIO(files[".pptx"])).slides) == 6
