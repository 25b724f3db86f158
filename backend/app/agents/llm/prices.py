"""What a model costs: the setting, else the price list that comes with `genai-prices`.

A model on this machine or a private network costs nothing, unless the price list knows its name
under the given provider: a gateway to a paid provider often runs on a private address, and the
ledger must not under-count. A model without a price is refused, since its cap could not hold.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from app.agents.ledger_port import Price
from app.agents.llm.spec import ModelSpec, is_private_host
from app.agents.llm.tokens import MAX_INPUT_TOKENS
from app.core.config import ModelSettings
from app.core.errors import Invalid


class PriceUnknown(Invalid):
    """No price is known for the model, so no cap could be kept."""

    code: ClassVar[str] = "price_unknown"


def model_price(spec: ModelSpec, settings: ModelSettings, now: datetime) -> Price:
    """Return what `spec` costs at `now`: set price, listed price, or nothing for a local model.

    Raises:
        PriceUnknown: The model is neither listed nor local, and no price is set.
    """
    override = _set_price(settings)
    if override is not None:
        return override
    listed = None if spec.provider.is_local else _listed_price(spec, settings.base_url, now)
    if listed is not None:
        return listed
    if spec.provider.is_local or (settings.base_url and is_private_host(settings.base_url)):
        return Price(
            input_usd_per_mtok=Decimal(0), output_usd_per_mtok=Decimal(0), source="local model"
        )
    raise PriceUnknown(
        f"No price is known for {spec}. Set MADANG_MODEL__INPUT_USD_PER_MTOK and "
        "MADANG_MODEL__OUTPUT_USD_PER_MTOK to what your provider charges per million tokens.",
        model=str(spec),
    )


def context_tokens(spec: ModelSpec) -> int | None:
    """Return how many tokens the model's context holds by the price list; None: it does not say."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - read at first use

    if spec.provider.is_local:
        return None
    try:
        _, model = get_snapshot().find_provider_model(spec.name, None, spec.provider.price_id, None)
    except LookupError:
        return None
    return model.context_window


def _set_price(settings: ModelSettings) -> Price | None:
    prices = (settings.input_usd_per_mtok, settings.output_usd_per_mtok)
    if prices[0] is None and prices[1] is None:
        return None
    if prices[0] is None or prices[1] is None:
        raise PriceUnknown(
            "Only one of the two prices is set. Set both MADANG_MODEL__INPUT_USD_PER_MTOK and "
            "MADANG_MODEL__OUTPUT_USD_PER_MTOK."
        )
    return Price(
        input_usd_per_mtok=Decimal(str(prices[0])),
        output_usd_per_mtok=Decimal(str(prices[1])),
        source="setting",
    )


def _listed_price(spec: ModelSpec, base_url: str | None, now: datetime) -> Price | None:
    from genai_prices import __version__  # noqa: PLC0415 - 1.6 MB of data, read at first use
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - as above
    from genai_prices.types import ModelPrice, StartDateConstraint  # noqa: PLC0415 - as above

    price_id = spec.provider.price_id
    api_url = None if base_url is None or is_private_host(base_url) else base_url
    try:
        _, model = get_snapshot().find_provider_model(
            spec.name, None, None if api_url else price_id, api_url
        )
    except LookupError:
        return None
    listed = model.get_prices(now)
    effective_on: date | None = None
    if not isinstance(model.prices, ModelPrice):
        starts = (p.constraint for p in model.prices if p.prices is listed)
        effective_on = next(
            (c.start_date for c in starts if isinstance(c, StartDateConstraint)), None
        )
    return Price(
        input_usd_per_mtok=_dearest(listed.input_mtok),
        output_usd_per_mtok=_dearest(listed.output_mtok),
        effective_on=effective_on,
        source=f"genai-prices {__version__}",
    )


def _dearest(price: object) -> Decimal:
    return max(_amounts(price), default=Decimal(0))


def _amounts(price: object) -> Iterator[Decimal]:
    if isinstance(price, Decimal):
        yield price
        return
    yield from _amounts(getattr(price, "base", None)) if price is not None else ()
    for tier in getattr(price, "tiers", ()):
        if tier.start < MAX_INPUT_TOKENS:
            yield tier.price
