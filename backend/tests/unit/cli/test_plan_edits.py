"""What is typed after `madang plan edit`."""

from pathlib import Path
from typing import Any

import pytest

from app.cli.errors import OptionInvalid, PathMissing
from app.cli.plan_edits import EditFlags, edits_of


def typed(**flags: Any) -> EditFlags:
    nothing: dict[str, Any] = {"path": None, "added": (), "changes": (), "moved": (), "removed": ()}
    return EditFlags(**(nothing | flags))


def written(flags: EditFlags) -> list[dict[str, Any]]:
    return [edit.model_dump(mode="json", exclude_unset=True) for edit in edits_of(flags)]


class TestEditsOf:
    def test_reads_each_kind_in_its_order(self, tmp_path: Path) -> None:
        path = tmp_path / "edits.json"
        path.write_text('[{"op": "remove", "key": "a"}]')
        flags = typed(
            path=path,
            added=["more:docs:Notes: two pages"],
            changes=["docs.title=Board = brief", "docs.depends_on=a, b", "docs.cap_usd=0.5"],
            moved=["docs:2"],
            removed=["slides"],
        )
        assert written(flags) == [
            {"op": "remove", "key": "a"},
            {"op": "add", "step": {"key": "more", "agent": "docs", "title": "Notes: two pages"}},
            {"op": "change", "key": "docs", "title": "Board = brief"},
            {"op": "change", "key": "docs", "depends_on": ["a", "b"]},
            {"op": "change", "key": "docs", "cap_usd": 0.5},
            {"op": "move", "key": "docs", "position": 2},
            {"op": "remove", "key": "slides"},
        ]

    @pytest.mark.parametrize(
        ("change", "field", "value"),
        [
            ("docs.model=", "model", None),
            ("docs.depends_on=", "depends_on", []),
            ("docs.required=no", "required", False),
            ("docs.required=Yes", "required", True),
            ("docs.slide_count=8", "slide_count", 8),
        ],
    )
    def test_reads_values_by_their_field(self, change: str, field: str, value: object) -> None:
        [edit] = written(typed(changes=[change]))
        assert edit[field] == value

    @pytest.mark.parametrize(
        ("flags", "said"),
        [
            ({"added": ["docs"]}, "--add takes"),
            ({"added": ["a:b:"]}, "--add takes"),
            ({"moved": ["docs"]}, "--move takes"),
            ({"moved": ["docs:-1"]}, "--move takes"),
            ({"moved": ["docs:0"]}, "position"),
            ({"changes": ["docs"]}, "--set takes"),
            ({"changes": ["docs.colour=red"]}, "--set takes"),
            ({"changes": ["docs.cap_usd=much"]}, "cap_usd"),
            ({"changes": ["docs.required=perhaps"]}, "--set takes yes or no"),
            ({"removed": ["x"] * 101}, "at most 100"),
        ],
    )
    def test_refuses_what_it_cannot_understand(self, flags: dict[str, Any], said: str) -> None:
        with pytest.raises(OptionInvalid, match=said):
            edits_of(typed(**flags))

    @pytest.mark.parametrize("content", [b"", b"{}", b"[", b"\xff", b"[" * 100_000])
    def test_refuses_a_file_that_holds_no_list(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "edits.json"
        path.write_bytes(content)
        with pytest.raises(OptionInvalid, match="no JSON list"):
            edits_of(typed(path=path))

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(PathMissing):
            edits_of(typed(path=tmp_path / "nowhere.json"))
