"""The locks hold what pyproject.toml asks for; the vendored pip is the one that NOTICE names."""

import hashlib
import re
import tomllib
from importlib.metadata import version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_tree import BACKEND, ROOT

PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, set[str]]:
    """Return the locked versions of each package; there may be one per Python version."""
    found: dict[str, set[str]] = {}
    for package, release in PIN.findall((BACKEND / name).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(package), set()).add(release)
    return found


def unmet(wanted: list[str], locked: dict[str, set[str]]) -> list[str]:
    """Return the requirements that no locked version meets."""
    requirements = [Requirement(line) for line in wanted]
    return [
        str(requirement)
        for requirement in requirements
        if not any(
            map(requirement.specifier.contains, locked.get(canonicalize_name(requirement.name), ()))
        )
    ]


class TestLocks:
    def test_hold_what_the_application_asks_for(self) -> None:
        project = tomllib.loads((BACKEND / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = [
            r
            for name, rs in project["optional-dependencies"].items()
            if name != "models"
            for r in rs
        ]
        assert unmet([*project["dependencies"], *extras], pins("requirements.lock")) == []

    def test_hold_what_the_tests_ask_for(self) -> None:
        groups = tomllib.loads((BACKEND / "pyproject.toml").read_text(encoding="utf-8"))
        locked = pins("requirements.lock") | pins("requirements-dev.lock")
        assert unmet(groups["dependency-groups"]["dev"], locked) == []

    def test_agree_where_both_name_a_package(self) -> None:
        core, dev = pins("requirements.lock"), pins("requirements-dev.lock")
        assert {
            name: dev[name] for name in core.keys() & dev.keys() if dev[name] != core[name]
        } == {}

    def test_are_what_is_installed(self) -> None:
        locked = pins("requirements.lock")
        chosen = ("fastapi", "sqlalchemy", "psycopg", "pydantic")
        assert [name for name in chosen if version(name) not in locked[name]] == []


class TestVendoredPip:
    def test_is_the_file_that_the_notice_names(self) -> None:
        (wheel,) = (ROOT / "vendor").glob("pip-*.whl")
        notice = (ROOT / "vendor" / "NOTICE").read_text(encoding="utf-8")
        assert wheel.name in notice
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() in notice
