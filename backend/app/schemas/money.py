"""Amounts of money in requests."""

from typing import Annotated

from pydantic import Field, Strict

from app.core.money import MAX_CAP_USD, MAX_USD_PER_MTOK

# Strict: a JSON number and nothing else, so that `true` never becomes a cap of one dollar.
CapUsd = Annotated[float, Strict(), Field(ge=0, le=MAX_CAP_USD)]
UsdPerMtok = Annotated[float, Field(ge=0, le=MAX_USD_PER_MTOK)]
