"""Amounts of money in requests."""

from typing import Annotated

from pydantic import Field, Strict

from app.core.config import MAX_USD_PER_MTOK

MAX_CAP_USD = 100_000

# Strict: a JSON number and nothing else, so that `true` never becomes a cap of one dollar.
CapUsd = Annotated[float, Strict(), Field(ge=0, le=MAX_CAP_USD)]
UsdPerMtok = Annotated[float, Field(ge=0, le=MAX_USD_PER_MTOK)]
