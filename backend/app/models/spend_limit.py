"""What an owner may spend in a period, over all tasks."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MONEY, Base

# A user's day in UTC, over all tasks.
USER_DAY = "user_day"


class SpendLimit(Base):
    """The sums of one owner in one period, and their cap (None: counted, not bounded).

    scope: `user_day`, a user's day in UTC from `starts_on`.
    """

    __tablename__ = "spend_limits"
    __table_args__ = (
        CheckConstraint("reserved_usd >= 0 AND spent_usd >= 0", name="money_not_negative"),
        CheckConstraint("spent_usd + reserved_usd <= cap_usd", name="spend_within_cap"),
        Index(None, "owner_id", "scope", "starts_on", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    starts_on: Mapped[date]
    cap_usd: Mapped[Decimal | None] = mapped_column(MONEY)
    reserved_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    spent_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
