"""The reference pages say what the code says, and leave nothing out."""

import pytest
from pydantic import BaseModel

from app.core.config import Settings
from tools.reference import api, cli, errors, settings
from tools.reference.application import described_api
from tools.reference.pages import FOLDER, PAGES


class TestReferencePages:
    @pytest.mark.parametrize("name", sorted(PAGES))
    def test_are_what_the_code_gives_now(self, name: str) -> None:
        written = (FOLDER / name).read_text(encoding="utf-8")
        assert written == PAGES[name](), "run ./run docs"


class TestSettingsPage:
    def test_explains_every_setting(self) -> None:
        groups: list[tuple[type[BaseModel], str]] = [(Settings, settings.PREFIX)]
        for name, field in Settings.model_fields.items():
            if (group := settings.group_of(field)) is not None:
                groups.append((group, f"{settings.PREFIX}{name}{settings.DELIMITER}"))
        rows = [row for model, prefix in groups for row in settings.rows(model, prefix)]
        assert [row.variable for row in rows if not row.meaning] == []


class TestErrorsPage:
    def test_lists_every_code(self) -> None:
        page = errors.render()
        assert [k.code for k in errors.error_classes() if f"| `{k.code}` |" not in page] == []


class TestApiPage:
    def test_explains_every_route(self) -> None:
        routes = list(api.operations(described_api()))
        silent = [f"{method} {path}" for method, path, o in routes if not o.get("description")]
        assert routes
        assert not silent, "\n".join(silent)


class TestCommandLinePage:
    def test_explains_every_command(self) -> None:
        found = cli.all_commands()
        assert found
        assert [name for name, command in found if not command.help] == []
