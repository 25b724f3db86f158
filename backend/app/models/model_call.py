"""The ledger, which is also the journal: one row for each send of a paid call."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MONEY, Base, CreatedAt, Id, Timestamp


class ModelCall(Base):
    """One send. `seq` numbers the calls inside a step, whatever the attempt; `send` their tries.

    status: `intent` (reserved, in flight), `done` (reply recorded, settled), `rejected` (certainly
    not billed, reservation released), `unknown` (perhaps billed: its worst case counts as spent).
    `request` is what was asked, kept on a call's first send; calls older than the column have none.
    It is JSON, not JSONB: a prompt may hold an escaped NUL, which JSONB refuses.
    `limit_ids` are the spending limits of its owner that it counts in, beside its step and task.
    """

    __tablename__ = "model_calls"
    __table_args__ = (Index(None, "task_id", "step_key", "seq", "send", unique=True),)

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("tasks.id", ondelete="CASCADE")
    )
    step_key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    send: Mapped[int]
    attempt: Mapped[int]
    operation: Mapped[str] = mapped_column(String(40))
    model: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
    # As large as the prompt: loaded only where it is asked for.
    request: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    status: Mapped[str] = mapped_column(String(16))
    reserved_usd: Mapped[Decimal] = mapped_column(MONEY)
    limit_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    cost_usd: Mapped[Decimal | None] = mapped_column(MONEY)
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    settled_at: Mapped[Timestamp | None]
