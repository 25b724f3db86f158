"""Which composer thinks for a task: the built-in one, or one that thinks with a model."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, time

from app.agents.builtin import BuiltinComposer
from app.agents.ledger_port import ModelLedger, Price
from app.agents.llm import (
    MODEL_SETTING,
    Fallbacks,
    Line,
    ModelProvider,
    context_tokens,
    model_price,
    parse_model_spec,
)
from app.agents.ports import Composer
from app.agents.routing import Candidate, PolicyUnusable, Router
from app.core.clock import utc_now
from app.core.config import BUILTIN, CandidateSettings, ModelSettings
from app.core.errors import AppError, Invalid
from app.core.logging import get_logger
from app.core.policy import Policy
from app.sources import Embedder

# More than a policy may have candidates.
KEPT_PROVIDERS = 24
NOON = time(12, tzinfo=UTC)
log = get_logger(__name__)


class Minds:
    """Makes composers: the built-in one, or one that thinks with a model."""

    def __init__(self, settings: ModelSettings, embedder: Embedder | None) -> None:
        self._settings = settings
        self._embedder = embedder
        self._providers: OrderedDict[str, ModelProvider] = OrderedDict()
        self._opening = asyncio.Lock()

    async def composer_for(
        self, model: str, ledger: ModelLedger, fallbacks: Sequence[str] = ()
    ) -> Composer:
        """Return the composer for a model name, its paid calls entered in `ledger`.

        When the model is out, the `fallbacks` answer in their order; one that cannot be opened on
        this machine is passed over.

        Raises:
            ModelUnknown, PriceUnknown, ModelKeyRefused, ModelUnavailable: It cannot be used.
        """
        if model == BUILTIN:
            return BuiltinComposer(self._embedder)
        provider = await self.open(model)
        lines: list[Line] = []
        names: list[str] = []
        for name in fallbacks:
            try:
                lines.append((await self.open(name)).line)
                names.append(str(lines[-1].spec))
            except AppError as error:
                names.append(name)
                log.warning("fallback_unusable", model=name, reason=error.message)
        return provider.composer(
            ledger, fallbacks=Fallbacks(models=tuple(names), lines=tuple(lines))
        )

    async def open(self, model: str) -> ModelProvider:
        """Return an open provider of a model; it is kept for later.

        Raises:
            ModelUnknown, PriceUnknown, ModelKeyRefused, ModelUnavailable: It cannot be used.
        """
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
            return self._providers[model]

    async def router(self, policy: Policy | None, allowed: Sequence[str] | None = None) -> Router:
        """Return a router over the candidates of the settings that can be used and are allowed.

        Raises:
            PolicyUnusable: There is none; the message says what is wrong with each.
        """
        usable: list[Candidate] = []
        left_out: list[str] = []
        for candidate in self._settings.candidates:
            if allowed is not None and candidate.name not in allowed:
                continue
            try:
                if candidate.name != BUILTIN:
                    await self.open(candidate.name)
                usable.append(self.candidate(candidate))
            except AppError as error:
                left_out.append(f"{candidate.name}: {error.message}")
        chosen = policy or self._settings.policy
        if not usable:
            raise no_candidate(chosen, left_out)
        return Router(policy=chosen, candidates=tuple(usable), left_out=tuple(left_out))

    def router_on(self, policy: Policy, day: date) -> Router:
        """Return a router over the candidates with their prices of a day; nothing is opened.

        A candidate that has no price is left out; there may be none.

        Raises:
            PolicyUnusable: The settings list no candidates.
        """
        if not self._settings.candidates:
            raise no_candidate(policy, ())
        priced: list[Candidate] = []
        left_out: list[str] = []
        for given in self._settings.candidates:
            try:
                priced.append(self.candidate(given, datetime.combine(day, NOON)))
            except Invalid as error:
                left_out.append(f"{given.name}: {error.message}")
        return Router(policy=policy, candidates=tuple(priced), left_out=tuple(left_out))

    def candidate(self, given: CandidateSettings, when: datetime | None = None) -> Candidate:
        """Return a candidate of the settings with its price at `when`, now by default.

        Raises:
            ModelUnknown, PriceUnknown: It cannot be priced.
        """
        if given.name == BUILTIN:
            return Candidate(model=BUILTIN, tier=given.tier, price=None)
        settings = self._settings_for(given.name)
        spec = parse_model_spec(settings)
        return Candidate(
            model=given.name,
            tier=given.tier,
            price=model_price(spec, settings, when or utc_now()),
            outlet=f"{spec.provider.name} {settings.base_url or ''}",
            context_tokens=given.context_tokens or context_tokens(spec),
        )

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
    built-in composer set, they go with whatever model is ordered. A candidate brings its own.
    """
    candidate = settings.candidate(model)
    if candidate is not None and (model != settings.name or candidate.has_own):
        own = candidate.model_dump(exclude={"tier", "context_tokens"})
        return settings.model_copy(update=own)
    if settings.name in {model, BUILTIN}:
        return settings.model_copy(update={"name": model})
    own = {"api_key": None, "base_url": None}
    prices = {"input_usd_per_mtok": None, "output_usd_per_mtok": None}
    return settings.model_copy(update={"name": model, **own, **prices})


def no_candidate(policy: Policy, left_out: Sequence[str]) -> PolicyUnusable:
    """Return the error of a policy that has nothing to choose from, with a way out."""
    if left_out:
        return PolicyUnusable(
            f"The policy {policy} can use none of its models. {' '.join(left_out)}",
            policy=str(policy),
            left_out=list(left_out),
        )
    return PolicyUnusable(
        f"The policy {policy} has no model to choose from that is allowed; list models in "
        "MADANG_MODEL__CANDIDATES, allow one of them, or name a model instead.",
        policy=str(policy),
    )
