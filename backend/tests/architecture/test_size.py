"""A module is one idea, a function fits a screen. There is no list of exceptions."""

from tests.architecture.source_tree import source_files

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50


class TestModules:
    def test_none_is_longer_than_one_idea(self) -> None:
        sizes = {file.name: len(file.text.splitlines()) for file in source_files()}
        too_long = {name: size for name, size in sizes.items() if size > MAX_MODULE_LINES}
        assert not too_long, too_long


class TestFunctions:
    def test_none_is_longer_than_a_screen(self) -> None:
        sizes = {
            f"{file.name}:{function.lineno} {function.name}": (function.end_lineno or 0)
            - function.lineno
            + 1
            for file in source_files()
            for function in file.functions()
        }
        too_long = {name: size for name, size in sizes.items() if size > MAX_FUNCTION_LINES}
        assert not too_long, too_long
