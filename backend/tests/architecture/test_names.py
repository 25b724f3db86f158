"""A module is named after what it is about, never after being left over."""

from tests.architecture.source_tree import source_files

LEFT_OVERS = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "stuff", "general", "lib", "tools"}
)


class TestModuleNames:
    def test_none_is_a_name_for_left_overs(self) -> None:
        named = {file.name: set(file.module.split(".")[1:]) for file in source_files()}
        assert [name for name, parts in named.items() if parts & LEFT_OVERS] == []

    def test_no_two_differ_only_in_number(self) -> None:
        modules = {file.module for file in source_files("app")}
        assert [m for m in sorted(modules) if m + "s" in modules] == []
