"""The declarative base: constraint names by convention, relationships never load by themselves."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import DateTime, MetaData, Numeric, Uuid, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Dollars with eight decimals: a single token of the cheapest model still counts.
MONEY = Numeric(16, 8)

Id = Annotated[str, mapped_column(Uuid(as_uuid=False), primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Timestamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
