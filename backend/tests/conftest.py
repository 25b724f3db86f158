"""What holds for every test."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from app.core.config import get_settings

# Tests never judge by the clock: a busy machine must not fail them.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# The short fault tests come at the same moments every time, the long run at new ones.
FAULT_SEED = 20261124


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the fault tests be repeated, and shortened."""
    parser.addoption("--seed", type=int, help="seed of the random moments of the fault tests")
    parser.addoption(
        "--fault-share", type=float, default=1.0, help="share of the long fault run's counts"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once, for every process of this run."""
    if config.getoption("seed") is None:
        is_long = config.getoption("markexpr") == "faults"
        config.option.seed = secrets.randbelow(10**9) if is_long else FAULT_SEED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say the seed, so that a fault run can be repeated."""
    terminalreporter.write_line(f"faults: --seed {config.getoption('seed')}")


@pytest.fixture(scope="session")
def fault_seed(pytestconfig: pytest.Config) -> int:
    """Return the seed of the random moments of this run's faults."""
    return int(pytestconfig.getoption("seed"))


@pytest.fixture(scope="session")
def fault_share(pytestconfig: pytest.Config) -> float:
    """Return which share of the long fault run's counts to run."""
    return float(pytestconfig.getoption("fault_share"))


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
