"""Work in processes: what one call may do to the others, and to its caller."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from app.core.errors import Invalid
from app.core.processes import ProcessDied, WorkProcesses


def square(number: int) -> int:
    return number * number


def refuse(thing: str) -> None:
    raise Invalid(f"No {thing} here.", thing=thing)


def fail() -> None:
    raise ZeroDivisionError("a defect")


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    time.sleep(600)


def swell() -> int:
    return len(bytearray(8 * 1024**3))


@pytest.fixture
def processes() -> Iterator[WorkProcesses]:
    opened = WorkProcesses(2)
    yield opened
    opened.close()


class TestCall:
    async def test_returns_what_the_function_returns(self, processes: WorkProcesses) -> None:
        found = await asyncio.gather(*(processes.call(square, n) for n in range(9)))
        assert found == [n * n for n in range(9)]

    async def test_raises_an_error_as_it_was(self, processes: WorkProcesses) -> None:
        with pytest.raises(Invalid, match=r"No cat here\.") as caught:
            await processes.call(refuse, "cat")
        assert caught.value.facts == {"thing": "cat"}

    async def test_raises_a_defect_as_it_was(self, processes: WorkProcesses) -> None:
        with pytest.raises(ZeroDivisionError, match="a defect"):
            await processes.call(fail)

    async def test_survives_a_crash(self, processes: WorkProcesses) -> None:
        outcomes = await asyncio.gather(
            processes.call(die),
            *(processes.call(square, n) for n in range(4)),
            return_exceptions=True,
        )
        assert isinstance(outcomes[0], ProcessDied)
        assert outcomes[1:] == [0, 1, 4, 9]

    async def test_ends_what_takes_too_long(self, processes: WorkProcesses) -> None:
        await asyncio.gather(processes.call(square, 1), processes.call(square, 2))
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await processes.call(hang, timeout_s=0.05)
        assert await processes.call(square, 3) == 9

    async def test_bounds_memory(self, processes: WorkProcesses) -> None:
        with pytest.raises(MemoryError):
            await processes.call(swell)
