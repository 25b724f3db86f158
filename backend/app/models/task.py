"""What a user asked for, the plans made for it, what happened, and the files that came of it."""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MONEY, Base, CreatedAt, Id, Timestamp


class Task(Base):
    """A goal with its cap. The check on money is the last word: no code path passes it."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("reserved_usd >= 0 AND spent_usd >= 0", name="money_not_negative"),
        CheckConstraint("spent_usd + reserved_usd <= cap_usd", name="spend_within_cap"),
        Index(None, "task_type"),
        Index(None, "status"),
        Index("ix_tasks_user_status", "user_id", "status"),
        Index("ix_tasks_user_type", "user_id", "task_type"),
        Index("ix_tasks_status_created", "status", "created_at"),
        Index("ix_tasks_user_created", "user_id", "created_at", "id"),
        Index("ix_tasks_deadline", "deadline_at", postgresql_where=text("status = 'running'")),
        Index("ix_tasks_replan_due", "id", postgresql_where=text("is_replan_due")),
        Index("ix_tasks_replanned", "replan_at", postgresql_where=text("replan_id IS NOT NULL")),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("users.id", ondelete="CASCADE")
    )
    goal: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    task_type: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    model: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    plan_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    file_ids: Mapped[list[Any]] = mapped_column(JSONB)
    # Seconds from a start to the deadline, and the moment itself once the task runs.
    deadline_s: Mapped[float | None]
    deadline_at: Mapped[Timestamp | None]
    # New plans made for it; the one in the making, what it is made from, and its last sign of life.
    replans: Mapped[int] = mapped_column(server_default=text("0"))
    replan_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    replan_of: Mapped[str | None] = mapped_column(String(64))
    replan_at: Mapped[Timestamp | None]
    # It ended without a required step, and shall be planned anew by itself.
    is_replan_due: Mapped[bool] = mapped_column(server_default=text("false"))
    # What its user agreed to pay, all in all; None before anything was approved.
    approved_usd: Mapped[Decimal | None] = mapped_column(MONEY)
    constraints: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    cap_usd: Mapped[Decimal] = mapped_column(MONEY)
    reserved_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    spent_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    event_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    started_at: Mapped[Timestamp | None]
    finished_at: Mapped[Timestamp | None]


class Plan(Base):
    """A revision of a task's plan: its body never changes, only what was decided on it.

    Of a task's revisions at most one is proposed and at most one approved.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index(None, "task_id", "revision", unique=True),
        Index(
            "uq_plans_live",
            "task_id",
            "status",
            unique=True,
            postgresql_where=text("status IN ('proposed','approved')"),
        ),
    )

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("tasks.id", ondelete="CASCADE")
    )
    revision: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str | None] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[Timestamp | None]
    created_at: Mapped[CreatedAt]


class TaskEvent(Base):
    """What happened to a task, in order; written in the transaction of the change it tells of."""

    __tablename__ = "task_events"

    task_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    step_key: Mapped[str | None] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]


class Artifact(Base):
    """A finished file of a task; its bytes are a blob under their hash."""

    __tablename__ = "artifacts"
    __table_args__ = (Index(None, "task_id", "name", unique=True),)

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("tasks.id", ondelete="CASCADE")
    )
    step_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sources: Mapped[list[Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
