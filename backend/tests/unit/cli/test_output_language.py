"""Which language the command line speaks."""

import pytest

from app.cli.output_language import LocaleVariables, output_language


def locale(**variables: str) -> LocaleVariables:
    """Return a locale of these variables alone."""
    return LocaleVariables.model_construct(None, **variables)


class TestOutputLanguage:
    def test_is_the_one_asked_for(self) -> None:
        assert output_language("en", locale(lang="ko_KR.UTF-8")) == "en"
        assert output_language("ko", locale(lang="en_US.UTF-8")) == "ko"

    @pytest.mark.parametrize("name", ["lc_all", "lc_messages", "lang"])
    def test_follows_the_locale(self, name: str) -> None:
        assert output_language(None, locale(**{name: "ko_KR.UTF-8"})) == "ko"

    def test_lets_the_first_variable_that_is_set_decide(self) -> None:
        assert output_language(None, locale(lc_all="C.UTF-8", lang="ko_KR.UTF-8")) == "en"

    def test_is_english_without_a_locale(self) -> None:
        assert output_language(None, locale()) == "en"
