"""Which composer thinks for a task: the built-in one, or one that thinks with a model."""

import asyncio
from collections import OrderedDict
from contextlib import AsyncExitStack

from app.agents.builtin import BuiltinComposer
from app.agents.ledger_port import ModelLedger, Price
from app.agents.llm import MODEL_SETTING, ModelProvider, model_price, parse_model_spec
from app.agents.ports import Composer
from app.core.clock import utc_now
from app.core.config import BUILTIN, ModelSettings
from app.sources import Embedder

KEPT_PROVIDERS = 8


class Minds:
    """Makes composers: the built-in one, or one that thinks with a model."""

    def __init__(self, settings: ModelSettings, embedder: Embedder | None) -> None:
        self._settings = settings
        self._embedder = embedder
        self._providers: OrderedDict[str, ModelProvider] = OrderedDict()
        self._opening = asyncio.Lock()

    async def composer_for(self, model: str, ledger: ModelLedger) -> Composer:
        """Return the composer for a model name, its paid calls entered in `ledger`.

        Raises:
            ModelUnknown, PriceUnknown, ModelKeyRefused, ModelUnavailable: It cannot be used.
        """
        if model == BUILTIN:
            return BuiltinComposer(self._embedder)
        async with self._opening:
            if model not in self._providers:
                # In a thread: the provider's libraries take about a second to load.
                self._providers[model] = await asyncio.to_thread(
                    ModelProvider.open, self._settings_for(model), utc_now()
                )
                while len(self._providers) > KEPT_PROVIDERS:
                    # Not closed: a step may be using it. It goes with its last composer.
                    self._providers.popitem(last=False)
            self._providers.move_to_end(model)
            return self._providers[model].composer(ledger)

    def price_for(self, model: str, *, named_by: str | None = None) -> Price | None:
        """Return a model's price; None for the built-in composer.

        `named_by` is where the model was named, for the refusal: an option of a command.

        Raises:
            ModelUnknown, PriceUnknown: The model cannot be used.
        """
        if model == BUILTIN:
            return None
        settings = self._settings_for(model)
        own = MODEL_SETTING if model == self._settings.name else "the model of the order"
        where = named_by or own
        return model_price(parse_model_spec(settings, named_by=where), settings, utc_now())

    async def close(self) -> None:
        """Close the connections to every model used."""
        async with AsyncExitStack() as stack:
            for provider in self._providers.values():
                stack.push_async_callback(provider.aclose)

    def _settings_for(self, model: str) -> ModelSettings:
        return settings_for(model, self._settings)


def settings_for(model: str, settings: ModelSettings) -> ModelSettings:
    """Return the settings for an ordered model.

    The key, the address and the prices that are set belong to the model that is set: another
    provider must not be shown the key, and another model must not run at a false price. With the
    built-in composer set, they go with whatever model is ordered.
    """
    if settings.name in {model, BUILTIN}:
        return settings.model_copy(update={"name": model})
    own = {"api_key": None, "base_url": None}
    prices = {"input_usd_per_mtok": None, "output_usd_per_mtok": None}
    return settings.model_copy(update={"name": model, **own, **prices})
