"""`madang run` before a person: the question, the live table, the answer."""

import os
import pty
import select
import signal
import time
from collections.abc import Iterator

import pytest

from tests.e2e.cli.command import GOAL, LIMIT_S, Madang

QUESTION = "Run this plan? [y/N]"


class Person:
    """Someone at a terminal of 80 columns who reads and types."""

    def __init__(self, madang: Madang, *words: str) -> None:
        self._terminal, screen = pty.openpty()
        self._process = madang.start(*words, stdin=screen, stdout=screen, stderr=screen)
        os.close(screen)
        self.seen = ""

    def read_until(self, words: str) -> None:
        """Read until these words are on the screen."""
        deadline = time.monotonic() + LIMIT_S
        while words not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if not self._read():
                break
        assert words in self.seen, self.seen

    def type(self, keys: str) -> None:
        """Type."""
        os.write(self._terminal, keys.encode())

    def interrupt(self) -> None:
        """Press Ctrl+C: the signal goes to every process before the terminal."""
        os.killpg(self._process.pid, signal.SIGINT)

    def leave(self) -> int:
        """Read to the end and return the exit code."""
        while self._read():
            pass
        return self._process.wait(LIMIT_S)

    def close(self) -> None:
        """Put everything away."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(LIMIT_S)
        os.close(self._terminal)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], LIMIT_S)
        if not ready:
            return False
        try:
            piece = os.read(self._terminal, 65_536)
        except OSError:
            # Linux says so when the last process has left the terminal.
            return False
        self.seen += piece.decode("utf-8", "replace")
        return bool(piece)


@pytest.fixture
def person(madang: Madang) -> Iterator[Person]:
    """Return someone who has just asked for a job."""
    someone = Person(madang, "run", GOAL, *madang.files)
    yield someone
    someone.close()


class TestQuestion:
    def test_yes_runs_the_plan_before_their_eyes(self, person: Person, madang: Madang) -> None:
        person.read_until(QUESTION)
        person.type("y\n")
        assert person.leave() == 0
        assert "of 5 steps" in person.seen
        assert "Done in" in person.seen
        assert list((madang.folder / "madang-out").glob("*/*.docx"))

    def test_the_korean_key_for_y_means_yes(self, person: Person) -> None:
        person.read_until(QUESTION)
        person.type("ㅛ\n")
        assert person.leave() == 0
        assert "Done in" in person.seen

    def test_anything_else_keeps_the_plan_for_later(self, person: Person, madang: Madang) -> None:
        person.read_until(QUESTION)
        person.type("\n")
        assert person.leave() == 0
        assert "Nothing was run. The plan is kept" in person.seen
        assert not (madang.folder / "madang-out").exists()

    def test_ctrl_c_keeps_the_plan_too(self, person: Person) -> None:
        person.read_until(QUESTION)
        person.interrupt()
        assert person.leave() == 130
        assert "Nothing was run. The plan is kept" in person.seen


class TestCtrlC:
    @pytest.mark.parametrize("moment", ["Starting", "Reading"])
    def test_is_never_answered_with_a_traceback(self, person: Person, moment: str) -> None:
        person.read_until(moment)
        person.interrupt()
        assert person.leave() == 130
        assert "Traceback" not in person.seen
        assert "Stopped; nothing was run." in person.seen

    def test_brings_the_cursor_back(self, person: Person) -> None:
        person.read_until(QUESTION)
        person.type("y\n")
        person.read_until("of 5 steps")
        person.interrupt()
        person.interrupt()
        person.leave()
        assert person.seen.rindex("\x1b[?25h") > person.seen.rindex("\x1b[?25l")
