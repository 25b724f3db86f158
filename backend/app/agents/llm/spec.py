"""Which model is meant: `provider:name`, and what is known of each provider."""

import ipaddress
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from app.core.config import ModelSettings
from app.core.errors import Invalid

PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")

# The setting that names the model of orders that name none.
MODEL_SETTING = "MADANG_MODEL__NAME"


class ModelUnknown(Invalid):
    """The setting names no provider that can be called."""

    code: ClassVar[str] = "model_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How one provider is reached.

    `extra` is the optional dependency of this package that brings `package`; `key_variable` is the
    environment variable that the provider's own client reads; `sdk_error` is the base class of its
    client's errors, as "module:class"; `price_id` is its name in the price list.
    """

    name: str
    package: str
    extra: str | None
    key_variable: str | None = None
    sdk_error: str | None = None
    price_id: str | None = None
    is_local: bool = False


PROVIDERS = {
    p.name: p
    for p in (
        Provider(
            name="openai",
            package="langchain_openai",
            extra="openai",
            key_variable="OPENAI_API_KEY",
            sdk_error="openai:OpenAIError",
            price_id="openai",
        ),
        Provider(
            name="anthropic",
            package="langchain_anthropic",
            extra="anthropic",
            key_variable="ANTHROPIC_API_KEY",
            sdk_error="anthropic:AnthropicError",
            price_id="anthropic",
        ),
        Provider(
            name="google_genai",
            package="langchain_google_genai",
            extra=None,
            key_variable="GOOGLE_API_KEY",
            price_id="google",
        ),
        Provider(
            name="mistralai",
            package="langchain_mistralai",
            extra=None,
            key_variable="MISTRAL_API_KEY",
            price_id="mistral",
        ),
        Provider(
            name="groq",
            package="langchain_groq",
            extra=None,
            key_variable="GROQ_API_KEY",
            sdk_error="groq:GroqError",
            price_id="groq",
        ),
        Provider(
            name="ollama",
            package="langchain_ollama",
            extra="ollama",
            sdk_error="ollama:ResponseError",
            is_local=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model by provider and name; `str()` gives the form of the setting back."""

    provider: Provider
    name: str

    def __str__(self) -> str:
        return f"{self.provider.name}:{self.name}"

    @property
    def key_remedy(self) -> str:
        """Say in words which variables hold the key."""
        if self.provider.key_variable is None:
            return "set MADANG_MODEL__API_KEY"
        return f"set {self.provider.key_variable} or MADANG_MODEL__API_KEY"


def parse_model_spec(settings: ModelSettings, *, named_by: str = MODEL_SETTING) -> ModelSpec:
    """Read `provider:name`; a bare name means `openai` when a base URL is set.

    `named_by` is what the refusal tells to set: the setting, or the option where it was typed.

    Raises:
        ModelUnknown: No such provider, or no name.
    """
    provider_name, colon, name = settings.name.partition(":")
    provider = PROVIDERS.get(provider_name)
    if provider is None and settings.base_url is not None:
        provider, name = PROVIDERS["openai"], settings.name
    elif not colon:
        provider = None
    if provider is None or not name.strip():
        raise ModelUnknown(
            f"The model {settings.name!r} is not known. Set {named_by} to 'builtin' or to "
            f"'provider:name' with one of the providers {', '.join(PROVIDERS)}; for any other "
            "OpenAI-compatible server set MADANG_MODEL__BASE_URL as well.",
            model=settings.name,
            providers=list(PROVIDERS),
        )
    return ModelSpec(provider, name.strip())


def is_private_host(url: str) -> bool:
    """Whether a URL points at this machine or a private network, judged by its text alone."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_SUFFIXES)
    return address.is_loopback or address.is_private
