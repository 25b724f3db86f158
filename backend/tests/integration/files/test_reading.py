"""Reading in processes: what one hostile file may take from the others."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import wait

import pytest

from app.core.config import FileSettings
from app.services.files import FileReader
from app.services.files.errors import FileReadTimeout

NOTE = b"# Sales\n\nSales in Seoul grew by 12% in the third quarter.\n"
# Reads for far longer than the test's patience: emphasis that is never closed.
SLOW = b"*a **b " * 3_000_000


@pytest.fixture
def reader() -> Iterator[FileReader]:
    """Return a reader with little patience."""
    opened = FileReader(FileSettings(read_timeout_s=8))
    yield opened
    opened.close()


class TestRead:
    async def test_outlives_a_file_that_takes_too_long(self, reader: FileReader) -> None:
        with pytest.raises(FileReadTimeout):
            await reader.read(SLOW, file_id="s", file_name="slow.md")
        assert (await reader.read(NOTE, file_id="n", file_name="a.md")).title == "Sales"

    async def test_harms_no_other_file_when_one_is_killed(self, reader: FileReader) -> None:
        outcomes = await asyncio.gather(
            *(reader.read(SLOW, file_id=f"s{n}", file_name="slow.md") for n in range(2)),
            *(reader.read(NOTE, file_id=f"n{n}", file_name="a.md") for n in range(6)),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes[:2]] == [FileReadTimeout] * 2
        assert [getattr(outcome, "title", outcome) for outcome in outcomes[2:]] == ["Sales"] * 6

    async def test_that_is_given_up_frees_its_process(self, reader: FileReader) -> None:
        for number in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await reader.read(SLOW, file_id=f"s{number}", file_name="s.md")
        assert (await reader.read(NOTE, file_id="n", file_name="a.md")).title == "Sales"


class TestRelease:
    async def test_ends_the_processes_and_the_next_file_starts_one(
        self, reader: FileReader
    ) -> None:
        before = set(multiprocessing.active_children())
        await reader.read(NOTE, file_id="n", file_name="a.md")
        assert reader.last_used_s() is not None
        (child,) = set(multiprocessing.active_children()) - before
        reader.release()
        assert reader.last_used_s() is None
        assert await asyncio.to_thread(wait, [child.sentinel], 30)
        assert (await reader.read(NOTE, file_id="m", file_name="a.md")).title == "Sales"

    async def test_harms_no_reading(self, reader: FileReader) -> None:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(reader.read(NOTE, file_id="n", file_name="a.md"))
            while not reading.done():
                reader.release()
                await asyncio.sleep(0.01)
        assert reading.result().title == "Sales"
