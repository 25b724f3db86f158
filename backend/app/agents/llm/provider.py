"""A model ready for use: its transport opened once, its clients and composers made per step."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, Self

from app.agents.ledger_port import DirectLedger, ModelLedger, Price
from app.agents.llm.client import NO_FALLBACKS, Fallbacks, Line, ModelClient, Transport
from app.agents.llm.composer import LangChainComposer
from app.agents.llm.prices import model_price
from app.agents.llm.spec import ModelSpec, parse_model_spec
from app.core.config import ModelSettings


class OpenTransport(Transport, Protocol):
    """A transport that holds connections."""

    async def aclose(self) -> None:
        """Close them."""
        ...


class ModelProvider:
    """The model of the settings. Open it once a process, close it at the end."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        spec: ModelSpec,
        price: Price,
        transport: OpenTransport,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self.spec = spec
        self.price = price
        self._transport = transport
        self._sleep = sleep

    @classmethod
    def open(cls, settings: ModelSettings, now: datetime) -> Self:
        """Check the settings, find the price and load LangChain (about a second).

        Raises:
            ModelUnknown: The setting names no provider that can be called.
            PriceUnknown: No price is known for the model.
            ModelUnavailable: The provider's package is not installed.
            ModelKeyRefused: There is no key.
        """
        spec = parse_model_spec(settings)
        price = model_price(spec, settings, now)
        from app.agents.llm.transport import (  # noqa: PLC0415 - LangChain loads at first use
            LangChainTransport,
        )

        return cls(settings, spec=spec, price=price, transport=LangChainTransport(spec, settings))

    @property
    def line(self) -> Line:
        """The model as another one's fallback."""
        return Line(spec=self.spec, price=self.price, transport=self._transport)

    def composer(
        self,
        ledger: ModelLedger | None = None,
        *,
        fallbacks: Fallbacks = NO_FALLBACKS,
    ) -> LangChainComposer:
        """Return a composer that pays through `ledger`; without one, calls are not recorded.

        `fallbacks` answer when this model is out.
        """
        client = ModelClient(
            self.spec,
            self.settings,
            transport=self._transport,
            price=self.price,
            ledger=ledger or DirectLedger(),
            sleep=self._sleep,
            fallbacks=fallbacks,
        )
        return LangChainComposer(client)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()
