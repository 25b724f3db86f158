"""The page of all settings, from the models that read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.core.config import Settings
from tools.reference.markdown import page, table

PREFIX = str(Settings.model_config.get("env_prefix", ""))
DELIMITER = str(Settings.model_config.get("env_nested_delimiter", "__"))


@dataclass(frozen=True)
class SettingRow:
    """One setting as its user sees it."""

    variable: str
    kind: str
    default: str
    meaning: str


def group_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a group of settings, or None for a single setting."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def kind_of(annotation: Any) -> str:
    """Return the words for a setting's type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(str(member.value) for member in annotation)
    if get_origin(annotation) is tuple:
        return "JSON list"
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if parts:
        return ", ".join(part if isinstance(part, str) else kind_of(part) for part in parts)
    names = {SecretStr: "secret", Path: "path", str: "text", bool: "true, false"}
    names |= {int: "whole number", float: "number"}
    return names.get(annotation, str(annotation))


def default_of(field: FieldInfo) -> str:
    """Return the default as it would be written in the environment; never a secret."""
    value = field.default
    if value is PydanticUndefined or value is None or isinstance(value, SecretStr):
        return ""
    if value == ():
        return "[]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.value if isinstance(value, Enum) else value)


def rows(model: type[BaseModel], prefix: str) -> Iterator[SettingRow]:
    """Yield the single settings of a model, groups left out."""
    for name, field in model.model_fields.items():
        if group_of(field) is None:
            yield SettingRow(
                variable=f"{prefix}{name}".upper(),
                kind=kind_of(field.annotation),
                default=default_of(field),
                meaning=field.description or "",
            )


def section(title: str, rows_: Iterator[SettingRow]) -> str:
    """Return one titled table of settings."""
    cells = [
        (f"`{row.variable}`", row.kind, f"`{row.default}`" if row.default else "", row.meaning)
        for row in rows_
    ]
    return f"## {title}\n\n" + table(("Variable", "Values", "Default", "Meaning"), cells)


def render() -> str:
    """Return the whole page."""
    sections = [section("General", rows(Settings, PREFIX))]
    for name, field in Settings.model_fields.items():
        group = group_of(field)
        if group is not None:
            title = (group.__doc__ or name).strip().rstrip(".")
            sections.append(section(title, rows(group, f"{PREFIX}{name}{DELIMITER}")))
    return page(
        "Settings",
        "Read from the environment and from a file `.env` in the current folder; the environment "
        "wins. A wrong value stops the start with a message that names it.",
        *sections,
    )
