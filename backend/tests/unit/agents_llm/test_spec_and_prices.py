"""Which model is meant, and what it costs."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.agents.ledger_port import Price
from app.agents.llm import ModelUnknown, PriceUnknown, model_price, parse_model_spec
from app.agents.llm.spec import is_private_host
from app.core.clock import utc_now
from app.core.config import ModelSettings


def price_of(name: str, base_url: str | None = None, **prices: float) -> Price:
    settings = ModelSettings.model_validate({"name": name, "base_url": base_url, **prices})
    return model_price(parse_model_spec(settings), settings, utc_now())


class TestParseModelSpec:
    @pytest.mark.parametrize(
        "name", ["openai:gpt-5-mini", "anthropic:claude-sonnet-4-5", "ollama:qwen3:8b"]
    )
    def test_reads_provider_and_name(self, name: str) -> None:
        spec = parse_model_spec(ModelSettings(name=name))
        assert str(spec) == name

    def test_a_bare_name_needs_a_base_url(self) -> None:
        settings = ModelSettings(name="qwen3-8b", base_url="http://127.0.0.1:9/v1")
        assert str(parse_model_spec(settings)) == "openai:qwen3-8b"

    @pytest.mark.parametrize("name", ["acme:one", "gpt-5-mini", "openai:", ""])
    def test_refuses_what_names_no_model_and_lists_the_providers(self, name: str) -> None:
        with pytest.raises(ModelUnknown, match="openai, anthropic, google_genai") as caught:
            parse_model_spec(ModelSettings(name=name))
        assert caught.value.code == "model_unknown"


class TestIsPrivateHost:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:8000/v1",
            "http://[::1]/v1",
            "http://localhost:1234/v1",
            "http://10.2.3.4/v1",
            "http://vllm:8000/v1",
            "http://models.internal/v1",
        ],
    )
    def test_is_true_here_and_in_private_networks(self, url: str) -> None:
        assert is_private_host(url)

    @pytest.mark.parametrize("url", ["https://api.openai.com/v1", "http://8.8.8.8/v1"])
    def test_is_false_outside(self, url: str) -> None:
        assert not is_private_host(url)


class TestModelPrice:
    def test_a_listed_model_has_its_listed_price(self) -> None:
        price = price_of("openai:gpt-5-mini")
        assert price.input_usd_per_mtok == Decimal("0.25")
        assert price.output_usd_per_mtok == Decimal(2)
        assert price.source.startswith("genai-prices ")

    def test_is_that_in_force_on_the_day(self) -> None:
        settings = ModelSettings(name="openai:o3")
        spec = parse_model_spec(settings)
        before = model_price(spec, settings, datetime(2025, 6, 9, tzinfo=UTC))
        after = model_price(spec, settings, datetime(2025, 6, 11, tzinfo=UTC))
        assert (before.input_usd_per_mtok, before.effective_on) == (Decimal(10), None)
        assert (after.input_usd_per_mtok, after.effective_on) == (Decimal(2), date(2025, 6, 10))

    def test_the_setting_comes_first(self) -> None:
        price = price_of("openai:gpt-5-mini", input_usd_per_mtok=3, output_usd_per_mtok=9)
        assert price.input_usd_per_mtok == Decimal(3)
        assert price.output_usd_per_mtok == Decimal(9)

    def test_one_of_two_prices_is_refused(self) -> None:
        with pytest.raises(PriceUnknown, match="Only one of the two prices"):
            price_of("openai:gpt-5-mini", input_usd_per_mtok=3)

    @pytest.mark.parametrize(
        ("name", "base_url"), [("ollama:qwen3", None), ("my-model", "http://127.0.0.1:9/v1")]
    )
    def test_a_local_model_costs_nothing(self, name: str, base_url: str | None) -> None:
        assert price_of(name, base_url).cost_usd(10**6, 10**6) == 0

    def test_a_known_model_behind_a_private_gateway_keeps_its_price(self) -> None:
        behind = price_of("openai:gpt-5-mini", "http://10.0.0.3:4000/v1")
        assert behind == price_of("openai:gpt-5-mini")

    @pytest.mark.parametrize(
        ("name", "base_url"),
        [("openai:never-heard-of", None), ("openai:gpt-5-mini", "https://llm.example.com/v1")],
    )
    def test_an_unknown_price_is_refused_with_the_remedy(
        self, name: str, base_url: str | None
    ) -> None:
        with pytest.raises(PriceUnknown, match="MADANG_MODEL__INPUT_USD_PER_MTOK"):
            price_of(name, base_url)
