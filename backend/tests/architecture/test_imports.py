"""What the import contracts of importlinter.toml cannot say."""

import ast
import subprocess
import sys

from tests.architecture.source_tree import BACKEND, SourceFile, source_files

RENDERING = "app.artifacts.rendering"
# Most stand on lxml, which may not run in several threads of one process.
OFFICE_LIBRARIES = ("docx", "pptx", "openpyxl", "lxml", "xlsxwriter")
PROGRAMS = ("app.api.application", "app.cli.job", "app.runtime", "app.worker")
LLM_FRAMEWORKS = ("langchain", "langgraph", "openai", "anthropic", "ollama")


def inner_packages() -> list[str]:
    """Return the packages below the layers: app.services.tasks, app.artifacts.blocks, ..."""
    inits = sorted((BACKEND / "app").glob("*/**/__init__.py"))
    names = [".".join(path.parent.relative_to(BACKEND).parts) for path in inits]
    return [name for name in names if name.count(".") >= 2]


def is_at_home(file: SourceFile, package: str) -> bool:
    """Return whether the file may enter the package anywhere.

    Those are its own modules and its neighbours in the same layer; a domain of services is closed
    to its neighbours as well.
    """
    layer = package.rpartition(".")[0]
    home = package if layer == "app.services" else layer
    return f"{file.module}.".startswith(f"{home}.")


def back_doors(file: SourceFile, packages: list[str]) -> list[str]:
    """Return what the file imports from inside a package that it is not at home in."""
    modules: set[str] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return [
        f"{file.name}: {module}"
        for package in packages
        if not is_at_home(file, package)
        for module in sorted(modules)
        if module.startswith(f"{package}.")
    ]


class TestImports:
    def test_none_is_relative(self) -> None:
        relative = [
            f"{file.name}:{node.lineno}"
            for file in source_files()
            for node in ast.walk(file.tree)
            if isinstance(node, ast.ImportFrom) and node.level > 0
        ]
        assert not relative, "\n".join(relative)

    def test_only_the_adapter_knows_an_llm_framework(self) -> None:
        outside = [
            f"{file.name}: {name}"
            for file in source_files("app")
            if not f"{file.module}.".startswith("app.agents.llm.")
            for name in file.imports()
            if name.split(".")[0].startswith(LLM_FRAMEWORKS)
        ]
        assert not outside, "\n".join(outside)

    def test_only_the_press_has_files_rendered(self) -> None:
        users = [
            file.module
            for file in source_files("app")
            for name in file.imports()
            if name.startswith(RENDERING)
        ]
        assert set(users) == {"app.artifacts.press"}

    def test_no_server_and_no_worker_loads_an_office_library(self) -> None:
        # In a process of its own: this one has loaded them for other tests.
        code = f"import sys, {', '.join(PROGRAMS)}; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=BACKEND, capture_output=True, text=True, check=True
        )
        assert "app.artifacts.press" in done.stdout.split()
        assert sorted(set(OFFICE_LIBRARIES) & set(done.stdout.split())) == []

    def test_a_package_is_entered_by_its_front_door(self) -> None:
        packages = inner_packages()
        found = [door for file in source_files("app") for door in back_doors(file, packages)]
        assert not found, "\n".join(found)

    def test_the_application_never_imports_its_tests_or_tools(self) -> None:
        names = [(file.name, name) for file in source_files("app") for name in file.imports()]
        assert [pair for pair in names if pair[1].startswith(("tests.", "tools."))] == []
