"""Signals: asked to stop, and keeping Ctrl+C from the processes that we start."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from app.cli.interruption import Interruption
from tests.architecture.source_tree import BACKEND

BLOCKED = "import signal as s; print(s.SIGINT in s.pthread_sigmask(s.SIG_BLOCK, []))"

# In a process of its own: only the first pool of a process starts the tracker that unblocks.
POOL = """
import asyncio, multiprocessing, signal
from concurrent.futures import ProcessPoolExecutor
from app.cli.interruption import Interruption

async def main():
    with Interruption() as interruption:
        interruption.protect_children()
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            blocked = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
    print(signal.SIGINT in blocked)

asyncio.run(main())
"""


async def interrupted(number: signal.Signals) -> None:
    """Send this process a signal and wait to be cancelled by it."""
    os.kill(os.getpid(), number)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.Event().wait()


async def child_blocks_ctrl_c() -> bool:
    """Return whether a new process starts with Ctrl+C blocked."""
    command = [sys.executable, "-c", BLOCKED]
    # Started from the main thread, as pools do it.
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: ASYNC221 - on purpose
    return said.strip() == "True"


class TestInterruption:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    async def test_cancels_the_task_which_may_go_on(
        self, number: signal.Signals, code: int
    ) -> None:
        with Interruption() as interruption:
            await interrupted(number)
            assert interruption.accept()
            assert interruption.exit_code == code
            await asyncio.sleep(0)

    async def test_does_not_answer_for_a_cancellation_of_somebody_else(self) -> None:
        with Interruption() as interruption:
            assert not interruption.accept()


class TestProtectChildren:
    async def test_keeps_ctrl_c_from_them_and_still_hears_it(self) -> None:
        with Interruption() as interruption:
            interruption.protect_children()
            assert await child_blocks_ctrl_c()
            await interrupted(signal.SIGINT)
            assert interruption.accept()

    def test_keeps_ctrl_c_from_the_first_pool_of_a_process(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", POOL], cwd=BACKEND, capture_output=True, text=True, check=True
        )
        assert done.stdout == "True\n"

    async def test_ends_with_the_command(self) -> None:
        with Interruption() as interruption:
            interruption.protect_children()
        assert not await child_blocks_ctrl_c()
