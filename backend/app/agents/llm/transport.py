"""Send one request through LangChain and read the streamed answer.

Imported at first use only: LangChain and the providers' clients double the time to start.
"""

import asyncio
import importlib
import importlib.util
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import httpx
from langchain.chat_models import init_chat_model
from langchain_core.exceptions import LangChainException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langsmith import tracing_context

from app.agents.errors import ModelKeyRefused, ModelUnavailable
from app.agents.ledger_port import ModelRequest, SendFault, SendUncertain
from app.agents.llm.dialect import Dialect
from app.agents.llm.failures import send_failure
from app.agents.llm.spec import ModelSpec
from app.core.config import ModelSettings

LENGTH_REASONS = {"length", "max_tokens", "MAX_TOKENS"}
SCHEMA_PARAMETER = {"openai", "anthropic", "ollama", "mistralai", "groq"}
KEY_HEADER_PROVIDERS = {"openai", "anthropic"}
REASONING_NAMES = ("o1", "o3", "o4", "gpt-5")
SCHEMA_IN_PROMPT = (
    "Answer with exactly one JSON object and nothing else: no Markdown, no comment. "
    "It must match the JSON Schema {name}:\n{schema}"
)


@dataclass(slots=True)
class Transmission:
    """What came back: the text, and the usage where the provider reported it."""

    parts: list[str] = field(default_factory=list)
    input_tokens: int | None = None
    output_tokens: int | None = None
    finish_reason: str | None = None

    @property
    def text(self) -> str:
        """The answer's whole text."""
        return "".join(self.parts)

    def add(self, chunk: AIMessageChunk) -> None:
        """Take in the next piece of the stream."""
        self.parts.append(str(chunk.text))
        usage = chunk.usage_metadata
        if usage is not None:
            self.input_tokens = (self.input_tokens or 0) + usage["input_tokens"]
            self.output_tokens = (self.output_tokens or 0) + usage["output_tokens"]
        reason = _finish_reason(chunk.response_metadata)
        if reason is not None:
            self.finish_reason = "length" if reason in LENGTH_REASONS else reason


class AsyncClosable(Protocol):
    """Something holding connections."""

    async def aclose(self) -> None:
        """Close them."""
        ...


class LangChainTransport:
    """One chat model with its connections; shared by all steps of a process."""

    def __init__(self, spec: ModelSpec, settings: ModelSettings) -> None:
        self.spec = spec
        self.settings = settings
        if importlib.util.find_spec(spec.provider.package) is None:
            raise ModelUnavailable(_missing_package(spec), model=str(spec))
        self._connections = _own_connections(spec)
        self._model = _open_model(spec, settings, self._connections)
        self._errors = _caught_errors(spec)
        self.dialect = _first_dialect(spec, settings)

    async def aclose(self) -> None:
        """Close the connections that this transport opened."""
        if self._connections is not None:
            await self._connections.aclose()

    def adapt(self, refusal: str) -> bool:
        """Learn from a refused request; return whether another form is left to try."""
        adapted = self.dialect.after_refusal(refusal)
        self.dialect = adapted or self.dialect
        return adapted is not None

    async def send(self, request: ModelRequest, idempotency_key: str) -> Transmission:
        """Stream one answer within `timeout_s`; cancelling closes the connection at once.

        Raises:
            SendRejected: No answer began, and nothing was billed.
            SendUncertain: The answer broke off or took too long.
        """
        received = Transmission()
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                await self._receive(request, idempotency_key, received)
        except self._errors as error:
            failure = send_failure(error, began=bool(received.parts))
            if isinstance(failure, SendUncertain):
                failure.input_tokens = received.input_tokens
                failure.output_tokens = received.output_tokens
            raise failure from error
        if received.finish_reason is None:
            raise SendUncertain(
                "The answer ended before it was complete.",
                fault=SendFault.STREAM_CUT,
                input_tokens=received.input_tokens,
                output_tokens=received.output_tokens,
            )
        return received

    async def _receive(self, request: ModelRequest, key: str, received: Transmission) -> None:
        system = request.system
        if not self._sends_schema:
            schema = json.dumps(request.json_schema, ensure_ascii=False)
            system = (
                f"{system}\n\n{SCHEMA_IN_PROMPT.format(name=request.schema_name, schema=schema)}"
            )
        messages = [SystemMessage(system), HumanMessage(request.prompt)]
        stream = self._model.astream(messages, **self._parameters(request, key))
        # Users' files go to the model alone, whatever LANGSMITH_TRACING says.
        with tracing_context(enabled=False):
            async with aclosing(cast("AsyncGenerator[AIMessageChunk]", stream)) as chunks:
                async for chunk in chunks:
                    received.add(chunk)

    @property
    def _sends_schema(self) -> bool:
        return self.dialect.sends_schema and self.spec.provider.name in SCHEMA_PARAMETER

    def _parameters(self, request: ModelRequest, key: str) -> dict[str, Any]:
        provider = self.spec.provider.name
        parameters: dict[str, Any] = {}
        if request.temperature is not None:
            parameters["temperature"] = request.temperature
        if provider in KEY_HEADER_PROVIDERS:
            parameters["extra_headers"] = {"Idempotency-Key": key}
        response_format = _response_format(request) if self._sends_schema else {}
        if provider != "openai":
            return parameters | response_format
        # In the raw body, so that the client streams plain chunks and does not parse the answer.
        bound = "max_tokens" if self.dialect.legacy_max_tokens else "max_completion_tokens"
        body = {bound: request.max_output_tokens, **response_format}
        if self.dialect.sends_effort:
            body["reasoning_effort"] = "low"
        return parameters | {"extra_body": body, "stream_usage": True}


def _response_format(request: ModelRequest) -> dict[str, Any]:
    schema = {"name": request.schema_name, "strict": True, "schema": request.json_schema}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _finish_reason(metadata: Mapping[str, Any]) -> str | None:
    for name in ("finish_reason", "stop_reason", "done_reason"):
        reason = metadata.get(name)
        if isinstance(reason, str) and reason:
            return reason
    return None


def _first_dialect(spec: ModelSpec, settings: ModelSettings) -> Dialect:
    is_openai = spec.provider.name == "openai" and settings.base_url is None
    return Dialect(
        sends_effort=is_openai and spec.name.startswith(REASONING_NAMES),
        legacy_max_tokens=not is_openai,
    )


def _own_connections(spec: ModelSpec) -> AsyncClosable | None:
    if spec.provider.name != "openai":
        return None
    connections: AsyncClosable = importlib.import_module("openai").DefaultAsyncHttpxClient()
    return connections


def _open_model(
    spec: ModelSpec, settings: ModelSettings, connections: AsyncClosable | None
) -> BaseChatModel:
    parameters = _construction(spec, settings)
    if connections is not None:
        parameters["http_async_client"] = connections
    try:
        return _chat_model(spec, parameters)
    except _sdk_errors(spec) as error:
        if settings.base_url is not None:
            # A server of one's own often wants no key, but the client will not start without one.
            return _chat_model(spec, parameters | {"api_key": "none"})
        raise ModelKeyRefused(
            f"There is no key for {spec.provider.name}; {spec.key_remedy}.", model=str(spec)
        ) from error


def _chat_model(spec: ModelSpec, parameters: dict[str, Any]) -> BaseChatModel:
    model: BaseChatModel = init_chat_model(
        spec.name, model_provider=spec.provider.name, **parameters
    )
    return model


def _construction(spec: ModelSpec, settings: ModelSettings) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if settings.base_url is not None:
        parameters["base_url"] = settings.base_url
    key = None if settings.api_key is None else settings.api_key.get_secret_value()
    if spec.provider.name == "ollama":
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        connection = {"timeout": settings.timeout_s, "headers": headers}
        return parameters | {
            "num_predict": settings.max_output_tokens,
            "client_kwargs": connection,
        }
    parameters |= {"max_retries": 0, "timeout": settings.timeout_s}
    if key is not None:
        parameters["api_key"] = key
    if spec.provider.name == "openai":
        return parameters | {"use_responses_api": False, "stream_chunk_timeout": None}
    return parameters | {"max_tokens": settings.max_output_tokens}


def _missing_package(spec: ModelSpec) -> str:
    package = spec.provider.package.replace("_", "-")
    extra = spec.provider.extra
    wanted = f"'madang[{extra}]'" if extra else package
    return f"{spec} needs the package {package}; install it with: pip install {wanted}"


def _sdk_errors(spec: ModelSpec) -> tuple[type[Exception], ...]:
    if spec.provider.sdk_error is None:
        return ()
    module, _, name = spec.provider.sdk_error.partition(":")
    sdk_error: type[Exception] = getattr(importlib.import_module(module), name)
    return (sdk_error,)


def _caught_errors(spec: ModelSpec) -> tuple[type[Exception], ...]:
    # ValueError, TypeError and LookupError are what LangChain raises on malformed answers.
    malformed = (ValueError, TypeError, LookupError)
    return (LangChainException, httpx.HTTPError, OSError, *malformed, *_sdk_errors(spec))
