"""A public name of a module that nothing mentions is dead."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest

from tests.architecture.source_tree import BACKEND, SourceFile, source_files


def definitions(file: SourceFile) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the public names that a module's own statements define, with the statement."""
    for node in file.tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names = [] if any(map(_registers, node.decorator_list)) else [node.name]
            case ast.Assign():
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from ((name, node) for name in names if not name.startswith("_"))


def _registers(decorator: ast.expr) -> bool:
    """Say whether a decorator hands the function to an object: `@router.get(...)`."""
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)


def loads(node: ast.AST, name: str) -> int:
    """Count how often a piece of code reads a name."""
    return sum(
        isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
        for part in ast.walk(node)
    )


def mentions(files: Iterable[SourceFile]) -> set[str]:
    """Collect what files say of others: "module.name" imported, ".name" taken, "name" in a text.

    A package's front door imports what it exports, so that an exported name is a mentioned one.
    """
    found: set[str] = set()
    for file in files:
        found.update(file.imports())
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute):
                found.add(f".{node.attr}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"^(?:[\w.]+[.:])?([A-Za-z_]\w*)$", node.value))
    return found


def unused(modules: Iterable[SourceFile], users: Iterable[SourceFile]) -> list[str]:
    """List the public names of modules that neither they nor any user of theirs mentions."""
    said = mentions(users)
    return [
        f"{file.module}.{name}"
        for file in modules
        for name, node in definitions(file)
        if said.isdisjoint({f"{file.module}.{name}", f".{name}", name})
        and loads(file.tree, name) == loads(node, name)
    ]


@dataclass(frozen=True, kw_only=True)
class Planted(SourceFile):
    """A module that is nowhere but here."""

    planted: str

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return self.planted


class TestPublicNames:
    def test_are_all_used(self) -> None:
        files = source_files()
        modules = [file for file in files if file.module.split(".")[0] == "app"]
        assert unused(modules, files) == []


class TestUnused:
    """The check itself, on planted modules."""

    def test_finds_a_name_that_only_its_own_body_mentions(self) -> None:
        text = "LIMIT = 3\n\ndef grow(n: int) -> int:\n    return grow(n - 1) if n else 0\n"
        assert found(text, "VALUE = 1\n") == ["LIMIT", "grow"]

    @pytest.mark.parametrize(
        "user",
        [
            "from planted import grow\n",
            "import planted\nplanted.grow\n",
            'ENTRY = "planted:grow"\n',
        ],
        ids=["import", "attribute", "entry-point"],
    )
    def test_passes_a_name_that_another_module_mentions(self, user: str) -> None:
        assert found("def grow() -> None: ...\n", user) == []

    def test_passes_a_name_that_its_module_uses(self) -> None:
        assert found("LIMIT = 3\n_TWICE = 2 * LIMIT\n", "") == []

    def test_passes_what_a_decorator_registers(self) -> None:
        text = "from app.api import router\n\n@router.get('/')\ndef index() -> None: ...\n"
        assert found(text, "") == []

    def test_leaves_private_names_to_the_linter(self) -> None:
        assert found("def _grow() -> None: ...\n", "") == []


def found(text: str, user: str) -> list[str]:
    module = Planted(path=BACKEND / "planted.py", planted=text)
    other = Planted(path=BACKEND / "user.py", planted=user)
    return [name.rpartition(".")[2] for name in unused([module], [module, other])]
