"""Whose key and prices an ordered model gets."""

from pydantic import SecretStr

from app.agents.minds import settings_for
from app.core.config import BUILTIN, ModelSettings


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
