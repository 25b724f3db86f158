"""A setting nobody reads is a lie: each must be read somewhere in the application."""

import ast

import pytest
from pydantic import BaseModel

from app.core.config import Settings
from tests.architecture.source_tree import source_files

# Folded into a property of the settings, which is what others read.
READ_THROUGH = {"data_dir": "data_path"}


def leaf_names(model: type[BaseModel]) -> list[str]:
    names: list[str] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += leaf_names(kind)
        else:
            names.append(name)
    return names


@pytest.fixture(scope="module")
def attributes_read() -> set[str]:
    return {
        node.attr
        for file in source_files()
        if file.module.startswith("app.")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute)
    }


class TestSettings:
    @pytest.mark.parametrize("name", leaf_names(Settings))
    def test_are_read_somewhere(self, name: str, attributes_read: set[str]) -> None:
        assert READ_THROUGH.get(name, name) in attributes_read
