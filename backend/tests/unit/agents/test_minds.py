"""Whose key and prices an ordered model gets."""

import pytest
from pydantic import SecretStr, ValidationError

from app.agents.minds import settings_for
from app.core.config import BUILTIN, CandidateSettings, ModelSettings


def configured(name: str) -> ModelSettings:
    return ModelSettings(
        name=name,
        api_key=SecretStr("key-of-openai"),
        base_url="http://127.0.0.1:1/v1",
        input_usd_per_mtok=0,
        output_usd_per_mtok=0,
    )


class TestSettingsFor:
    def test_give_the_set_model_its_key_and_prices(self) -> None:
        settings = settings_for("openai:gpt-x", configured("openai:gpt-x"))
        assert settings.api_key == SecretStr("key-of-openai")
        assert settings.input_usd_per_mtok == 0

    def test_show_another_model_neither_key_nor_address_nor_prices(self) -> None:
        settings = settings_for("anthropic:claude-x", configured("openai:gpt-x"))
        assert settings.name == "anthropic:claude-x"
        assert settings.api_key is None
        assert settings.base_url is None
        assert settings.input_usd_per_mtok is None
        assert settings.output_usd_per_mtok is None

    def test_let_them_go_with_the_ordered_model_when_none_is_set(self) -> None:
        settings = settings_for("openai:gpt-x", configured(BUILTIN))
        assert settings.api_key == SecretStr("key-of-openai")


class TestCandidates:
    def settings(self) -> ModelSettings:
        given = CandidateSettings(name="other:x", api_key=SecretStr("own"), input_usd_per_mtok=3)
        plain = CandidateSettings(name="anthropic:claude-x")
        return configured("openai:gpt-x").model_copy(update={"candidates": (given, plain)})

    def test_bring_their_own_key_and_price(self) -> None:
        settings = settings_for("other:x", self.settings())
        assert (settings.name, settings.api_key) == ("other:x", SecretStr("own"))
        assert settings.base_url is None
        assert settings.input_usd_per_mtok == 3

    def test_are_not_shown_the_key_of_the_set_model(self) -> None:
        settings = settings_for("anthropic:claude-x", self.settings())
        assert (settings.api_key, settings.base_url) == (None, None)
        assert settings.input_usd_per_mtok is None

    def test_have_different_names(self) -> None:
        twice = [{"name": "openai:x"}, {"name": "openai:x"}]
        with pytest.raises(ValidationError, match="different names"):
            ModelSettings.model_validate({"candidates": twice})
