"""Who uses Madang, and the keys they present."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Uuid, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MONEY, Base, CreatedAt, Id, Timestamp


class User(Base):
    """A person. In embedded mode there is one, the local owner.

    A plan whose 90th percentile of cost is below `auto_approve_below_usd` approves itself.
    """

    __tablename__ = "users"
    __table_args__ = (Index(None, "is_active"),)

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(server_default=true())
    is_local_owner: Mapped[bool] = mapped_column(server_default=false())
    daily_cap_usd: Mapped[Decimal | None] = mapped_column(MONEY)
    auto_approve_below_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    created_at: Mapped[CreatedAt]


class ApiKey(Base):
    """A key of a user: only a hash of its secret is kept; `prefix` is what people recognise."""

    __tablename__ = "api_keys"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(32), unique=True)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[Timestamp | None]
    revoked_at: Mapped[Timestamp | None]


Index(
    "uq_users_local_owner",
    User.is_local_owner,
    unique=True,
    postgresql_where=text("is_local_owner"),
)
