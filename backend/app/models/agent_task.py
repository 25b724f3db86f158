"""The DAG in execution: one row a step, one row an edge."""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MONEY, Base, CreatedAt, Id, Timestamp


class AgentTaskRow(Base):
    """One step of a running task.

    The queued rows are the queue. `waiting_on` counts the edges whose step has not ended.
    `attempt` is the fence: a worker may write only while it holds the current one. `ready_at`
    delays a retry. `first_seq` is where the numbers of its model calls begin; it moves on when a
    resumed step must ask anew. `result` holds a small result, a large one is a blob under its hash.
    """

    __tablename__ = "agent_tasks"
    __table_args__ = (
        CheckConstraint("waiting_on >= 0", name="waiting_on_not_negative"),
        CheckConstraint("reserved_usd >= 0 AND spent_usd >= 0", name="money_not_negative"),
        CheckConstraint("spent_usd + reserved_usd <= cap_usd", name="spend_within_cap"),
        Index(None, "task_id", "key", unique=True),
        Index(
            "ix_agent_tasks_live",
            "task_id",
            postgresql_where=text("status IN ('waiting','queued','running')"),
        ),
        Index(
            "ix_agent_tasks_queued",
            "user_id",
            text("priority DESC"),
            "ready_at",
            "position",
            postgresql_where=text("status = 'queued'"),
        ),
        Index("ix_agent_tasks_running", "user_id", postgresql_where=text("status = 'running'")),
        Index("ix_agent_tasks_held", "worker_id", postgresql_where=text("status = 'running'")),
    )

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("tasks.id", ondelete="CASCADE")
    )
    user_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("users.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    agent: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    waiting_on: Mapped[int]
    attempt: Mapped[int] = mapped_column(server_default=text("0"))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    worker_deaths: Mapped[int] = mapped_column(server_default=text("0"))
    first_seq: Mapped[int] = mapped_column(server_default=text("1"))
    cap_usd: Mapped[Decimal | None] = mapped_column(MONEY)
    reserved_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    spent_usd: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    worker_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    ready_at: Mapped[Timestamp] = mapped_column(server_default=func.now())
    spec: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result_sha256: Mapped[str | None] = mapped_column(String(64))
    # Loaded only where it is asked for: lists of steps do not need what the steps made.
    result: Mapped[str | None] = mapped_column(Text, deferred=True)
    summary: Mapped[str | None] = mapped_column(Text)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    started_at: Mapped[Timestamp | None]
    finished_at: Mapped[Timestamp | None]


class AgentTaskEdge(Base):
    """`child` starts after `parent`; a hard edge needs its result, a soft one only its end."""

    __tablename__ = "agent_task_edges"

    parent_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("agent_tasks.id", ondelete="CASCADE"), primary_key=True
    )
    child_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False),
        ForeignKey("agent_tasks.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )
    is_hard: Mapped[bool]
