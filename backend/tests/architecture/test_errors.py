"""Every error has one code, one category, and every delivery layer knows the category."""

from collections import Counter

from app.api.errors import STATUS_BY_CATEGORY
from app.cli.exit_codes import EXIT_CODES
from app.core import errors
from app.core.errors import AppError
from tools.reference.errors import category_of, error_classes


def stated_numbers() -> dict[str, tuple[int, int]]:
    """Return the HTTP status and the exit code of each category, as the error tree states them."""
    lines = [line for line in (errors.__doc__ or "").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {name: (int(http), int(exit_)) for name, http, exit_ in cells if http.isdigit()}


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
    def test_are_the_direct_children_of_the_tree(self) -> None:
        categories = {k.__name__ for k in AppError.__subclasses__()}
        assert categories == set(stated_numbers())

    def test_have_the_stated_status_in_the_api(self) -> None:
        stated = {name: http for name, (http, _) in stated_numbers().items()}
        assert {kind.__name__: n for kind, n in STATUS_BY_CATEGORY.items()} == stated

    def test_have_the_stated_exit_code(self) -> None:
        stated = {name: code for name, (_, code) in stated_numbers().items()}
        assert {kind.__name__: n for kind, n in EXIT_CODES.items()} == stated

    def test_hold_every_error(self) -> None:
        lost = [k.__name__ for k in error_classes() if category_of(k) not in STATUS_BY_CATEGORY]
        assert lost == []
