"""A user and the command, fresh for each test or shared by tests that only read."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.cli.command import GOAL, Ended, Madang
from tests.factories.database_server import remove_data_folder


@contextmanager
def a_user() -> Iterator[Madang]:
    """Give a folder and a data folder, and leave no trace of them."""
    # Short on purpose: the path of a unix socket holds at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="mdc-", dir="/tmp"))
    try:
        yield Madang(folder, folder / "data")
    finally:
        remove_data_folder(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def madang() -> Iterator[Madang]:
    """Return the command of a user who never used it."""
    with a_user() as command:
        yield command


@pytest.fixture(scope="module")
def experienced() -> Iterator[Madang]:
    """Return the command of a user with one finished task; see `finished`."""
    with a_user() as command:
        yield command


@pytest.fixture(scope="module")
def finished(experienced: Madang) -> Ended:
    """Return how the finished task of `experienced` ended, as JSON, its files in `out`."""
    words = ("run", GOAL, *experienced.files, "--yes", "--json", "--out", "out")
    return experienced.run(*words)
