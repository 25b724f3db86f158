"""Which candidates of the settings can be used, in words; nothing is sent to any of them."""

from dataclasses import dataclass

from app.agents.minds import Minds
from app.cli.formatting import money_text
from app.core.config import BUILTIN, CandidateSettings, ModelSettings
from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One candidate: whether it can be used, and its tier and prices, or why it cannot."""

    is_usable: bool
    said: str


async def candidate_lines(settings: ModelSettings) -> list[CandidateLine]:
    """Return a line for each candidate, in the order of the settings."""
    minds = Minds(settings, None)
    try:
        return [await _line(minds, given) for given in settings.candidates]
    finally:
        await minds.close()


async def _line(minds: Minds, given: CandidateSettings) -> CandidateLine:
    try:
        if given.name != BUILTIN:
            await minds.open(given.name)
        price = minds.candidate(given).price
    except AppError as error:
        return CandidateLine(is_usable=False, said=f"{given.name} ({given.tier}): {error.message}")
    into = 0.0 if price is None else float(price.input_usd_per_mtok)
    out = 0.0 if price is None else float(price.output_usd_per_mtok)
    said = f"{given.name} ({given.tier}, {money_text(into)} / {money_text(out)})"
    return CandidateLine(is_usable=True, said=said)
