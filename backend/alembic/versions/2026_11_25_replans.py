"""Let tasks be planned anew and have a deadline.

Revision ID: 0009_replans
Revises: 0008_call_requests
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_replans"
down_revision = "0008_call_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and the indexes that workers look for deadlines and left plans with."""
    op.execute("SET LOCAL lock_timeout = '10s'")
    op.add_column("tasks", sa.Column("deadline_s", sa.Float(), nullable=True))
    op.add_column("tasks", sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "tasks", sa.Column("replans", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("tasks", sa.Column("replan_id", sa.Uuid(as_uuid=False), nullable=True))
    op.add_column("tasks", sa.Column("replan_of", sa.String(length=64), nullable=True))
    op.add_column("tasks", sa.Column("replan_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "tasks",
        sa.Column("is_replan_due", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "tasks", sa.Column("approved_usd", sa.Numeric(precision=16, scale=8), nullable=True)
    )
    op.create_index(
        "ix_tasks_deadline",
        "tasks",
        ["deadline_at"],
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_index(
        "ix_tasks_replan_due", "tasks", ["id"], postgresql_where=sa.text("is_replan_due")
    )
    op.create_index(
        "ix_tasks_replanned",
        "tasks",
        ["replan_at"],
        postgresql_where=sa.text("replan_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them; steps that a new plan replaced count as cancelled."""
    op.drop_index("ix_tasks_replan_due", table_name="tasks")
    op.drop_index("ix_tasks_replanned", table_name="tasks")
    op.drop_index("ix_tasks_deadline", table_name="tasks")
    for column in (
        "approved_usd",
        "is_replan_due",
        "replan_at",
        "replan_of",
        "replan_id",
        "replans",
        "deadline_at",
        "deadline_s",
    ):
        op.drop_column("tasks", column)
    op.execute("UPDATE agent_tasks SET status = 'cancelled' WHERE status = 'replaced'")
