"""What holds for every test."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from app.core.config import get_settings

# Tests never judge by the clock: a busy machine must not fail them.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Keep the settings that one test read from reaching the next."""
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """Return the folder of the repository."""
    return Path(__file__).resolve().parents[2]
