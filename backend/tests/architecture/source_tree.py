"""The project's Python files, parsed once, for the tests that read code instead of running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2]
ROOT = BACKEND.parent
FOLDERS = ("app", "tests", "tools", "alembic", "../bench", "../samples")


@dataclass(frozen=True)
class SourceFile:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """The path in the repository, as shown in a failure."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """The dotted name under which the file is imported."""
        top = BACKEND if self.path.is_relative_to(BACKEND) else ROOT
        parts = self.path.relative_to(top).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text)

    def imports(self) -> Iterator[str]:
        """Yield the dotted name of everything imported: the module, or module.name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function, nested ones as well."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@lru_cache
def source_files(*folders: str) -> tuple[SourceFile, ...]:
    """Return the Python files below these folders, named from backend/ (by default: all)."""
    tops = [(BACKEND / folder).resolve() for folder in folders or FOLDERS]
    paths = (path for top in tops for path in sorted(top.rglob("*.py")))
    return tuple(SourceFile(path) for path in paths)
