"""Let plans be decided on: their status, who decided and how, a user's automatic limit.

Revision ID: 0006_plan_decisions
Revises: 0005_caps
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006_plan_decisions"
down_revision = "0005_caps"
branch_labels = None
depends_on = None

STATUSES = """
UPDATE plans SET status = CASE
    WHEN decided_at IS NOT NULL THEN 'approved'
    WHEN EXISTS (SELECT 1 FROM tasks t WHERE t.plan_id = plans.id) THEN 'proposed'
    ELSE 'superseded' END,
    decision = CASE WHEN decided_at IS NOT NULL THEN 'user' END,
    decided_by = CASE WHEN decided_at IS NOT NULL THEN
        (SELECT t.user_id FROM tasks t WHERE t.id = plans.task_id) END
"""


def upgrade() -> None:
    """Add the columns; a plan that ran counts as approved by its user."""
    op.alter_column("plans", "approved_at", new_column_name="decided_at")
    op.add_column("plans", sa.Column("status", sa.String(length=16), nullable=True))
    op.add_column("plans", sa.Column("decision", sa.String(length=16), nullable=True))
    op.add_column("plans", sa.Column("decided_by", sa.Uuid(as_uuid=False), nullable=True))
    op.execute(STATUSES)
    op.alter_column("plans", "status", nullable=False)
    op.create_foreign_key(
        op.f("fk_plans_decided_by_users"),
        "plans",
        "users",
        ["decided_by"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_plans_decided_by"), "plans", ["decided_by"])
    op.create_index(
        "uq_plans_live",
        "plans",
        ["task_id", "status"],
        unique=True,
        postgresql_where=sa.text("status IN ('proposed','approved')"),
    )
    op.add_column(
        "tasks",
        sa.Column(
            "constraints",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "users",
        sa.Column(
            "auto_approve_below_usd",
            sa.Numeric(precision=16, scale=8),
            server_default=sa.text("0"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Drop the columns; when a plan was decided on is kept as its approval."""
    op.drop_column("users", "auto_approve_below_usd")
    op.drop_column("tasks", "constraints")
    op.drop_index("uq_plans_live", table_name="plans")
    op.drop_index(op.f("ix_plans_decided_by"), table_name="plans")
    op.drop_constraint(op.f("fk_plans_decided_by_users"), "plans", type_="foreignkey")
    op.execute("UPDATE plans SET decided_at = NULL WHERE status <> 'approved'")
    for column in ("decided_by", "decision", "status"):
        op.drop_column("plans", column)
    op.alter_column("plans", "decided_at", new_column_name="approved_at")
