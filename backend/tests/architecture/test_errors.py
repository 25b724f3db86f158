"""Every error has one code, one category, and every delivery layer knows the category."""

import importlib
from collections import Counter
from types import ModuleType

from app.core.errors import AppError
from tools.reference.errors import category_of, error_classes, statuses


def mappings(module: ModuleType) -> list[dict[str, int]]:
    """Return the module's tables from error class to number, by name of the class."""
    tables = [v for v in vars(module).values() if isinstance(v, dict) and v]
    return [
        {kind.__name__: number for kind, number in entries.items()}
        for entries in tables
        if all(isinstance(k, type) and issubclass(k, AppError) for k in entries)
    ]


def mapping_of(name: str) -> dict[str, int]:
    """Return the one table of a module from category to number."""
    (entries,) = mappings(importlib.import_module(name))
    return entries


class TestErrorCodes:
    def test_are_unique(self) -> None:
        codes = Counter(kind.code for kind in error_classes())
        assert [code for code, count in codes.items() if count > 1] == []

    def test_are_their_own(self) -> None:
        inherited = [k.__name__ for k in error_classes() if "code" not in vars(k)]
        assert not inherited, "\n".join(inherited)

    def test_say_what_they_mean(self) -> None:
        assert [k.__name__ for k in error_classes() if not k.__doc__] == []


class TestErrorCategories:
    def test_every_error_belongs_to_one(self) -> None:
        categories = {category_of(kind).__name__ for kind in error_classes()}
        assert categories <= set(statuses())

    def test_every_category_has_a_status_in_the_api(self) -> None:
        assert mapping_of("app.api.errors") == {n: http for n, (http, _) in statuses().items()}

    def test_every_category_has_an_exit_code(self) -> None:
        assert mapping_of("app.cli.errors") == {n: code for n, (_, code) in statuses().items()}
