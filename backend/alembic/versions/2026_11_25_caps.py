"""Caps of steps and of a user's day, beside those of tasks.

Revision ID: 0005_caps
Revises: 0004_steps_are_the_queue
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_caps"
down_revision = "0004_steps_are_the_queue"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(precision=16, scale=8)
# What is reserved and spent together never passes the cap; without a cap it is only counted.
CHECKS = {
    "money_not_negative": "reserved_usd >= 0 AND spent_usd >= 0",
    "spend_within_cap": "spent_usd + reserved_usd <= cap_usd",
}


def sums() -> list[sa.Column[object]]:
    """Return the columns of a cap and what counts against it."""
    return [
        sa.Column("cap_usd", MONEY, nullable=True),
        sa.Column("reserved_usd", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("spent_usd", MONEY, server_default=sa.text("0"), nullable=False),
    ]


def upgrade() -> None:
    """Add the caps."""
    for column in sums():
        op.add_column("agent_tasks", column)
    op.execute(
        "UPDATE agent_tasks a SET spent_usd = c.spent, reserved_usd = c.reserved FROM ("
        "SELECT task_id, step_key, coalesce(sum(cost_usd), 0) AS spent, "
        "coalesce(sum(reserved_usd) FILTER (WHERE status = 'intent'), 0) AS reserved "
        "FROM model_calls GROUP BY task_id, step_key) c "
        "WHERE c.task_id = a.task_id AND c.step_key = a.key"
    )
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_agent_tasks_{name}"), "agent_tasks", check)
    op.add_column("users", sa.Column("daily_cap_usd", MONEY))
    op.add_column("model_calls", sa.Column("limit_ids", postgresql.ARRAY(sa.BigInteger())))
    op.create_table(
        "spend_limits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *sums(),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_spend_limits_{name}"))
            for name, check in CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_limits")),
    )
    op.create_index(
        op.f("ix_spend_limits_owner_id_scope_starts_on"),
        "spend_limits",
        ["owner_id", "scope", "starts_on"],
        unique=True,
    )


def downgrade() -> None:
    """Take the caps away."""
    op.drop_table("spend_limits")
    op.drop_column("model_calls", "limit_ids")
    op.drop_column("users", "daily_cap_usd")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_agent_tasks_{name}"), "agent_tasks", type_="check")
    for name in ("spent_usd", "reserved_usd", "cap_usd"):
        op.drop_column("agent_tasks", name)
