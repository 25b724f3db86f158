"""Steps are the queue: who runs one, whose turn it is, small results in the row, workers.

Revision ID: 0004_steps_are_the_queue
Revises: 0003_job_queue
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_steps_are_the_queue"
down_revision = "0003_job_queue"
branch_labels = None
depends_on = None

# What 0003 made in databases that ran it before this revision existed.
DROP_OLD_QUEUE = """
DO $$
DECLARE item record;
BEGIN
    FOR item IN SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%'
    LOOP EXECUTE format('DROP TABLE %I CASCADE', item.tablename); END LOOP;
    FOR item IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = current_schema() AND p.proname LIKE 'procrastinate%'
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', item.signature); END LOOP;
    FOR item IN SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = current_schema() AND t.typname LIKE 'procrastinate%'
        AND t.typtype IN ('e', 'c')
        AND t.typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 'r')
    LOOP EXECUTE format('DROP TYPE %I CASCADE', item.typname); END LOOP;
END $$
"""


def create_workers() -> None:
    """Make the table workers."""
    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "heartbeat_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def widen_steps() -> None:
    """Add what a step needs to be its own entry in the queue; old rows keep their place."""
    op.add_column("tasks", sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0")))
    op.alter_column("tasks", "priority", nullable=False)
    op.add_column("agent_tasks", sa.Column("user_id", sa.Uuid(as_uuid=False)))
    op.execute("UPDATE agent_tasks a SET user_id = t.user_id FROM tasks t WHERE t.id = a.task_id")
    op.alter_column("agent_tasks", "user_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_agent_tasks_user_id_users"),
        "agent_tasks",
        "users",
        ["user_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column(
        "agent_tasks", sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0"))
    )
    op.alter_column("agent_tasks", "priority", nullable=False)
    op.add_column("agent_tasks", sa.Column("worker_id", sa.Uuid(as_uuid=False)))
    op.add_column("agent_tasks", sa.Column("result", sa.Text()))
    op.execute("UPDATE agent_tasks SET ready_at = now() WHERE ready_at IS NULL")
    op.alter_column("agent_tasks", "ready_at", nullable=False, server_default=sa.text("now()"))
    op.drop_column("agent_tasks", "job_id")


def index_queue() -> None:
    """Make the indexes that a claim reads, each only over the few rows that are live."""
    op.drop_index("ix_agent_tasks_live", table_name="agent_tasks")
    op.create_index(
        "ix_agent_tasks_live",
        "agent_tasks",
        ["task_id"],
        postgresql_where=sa.text("status IN ('waiting','queued','running')"),
    )
    op.create_index(
        "ix_agent_tasks_queued",
        "agent_tasks",
        ["user_id", sa.text("priority DESC"), "ready_at", "position"],
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_agent_tasks_running",
        "agent_tasks",
        ["user_id"],
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_index(
        "ix_agent_tasks_held",
        "agent_tasks",
        ["worker_id"],
        postgresql_where=sa.text("status = 'running'"),
    )


def upgrade() -> None:
    """Drop the old queue; make the new one."""
    op.execute(DROP_OLD_QUEUE)
    create_workers()
    widen_steps()
    index_queue()


def downgrade() -> None:
    """Go back to steps that wait for a job of another queue."""
    for name in ("held", "running", "queued", "live"):
        op.drop_index(f"ix_agent_tasks_{name}", table_name="agent_tasks")
    op.create_index(
        "ix_agent_tasks_live",
        "agent_tasks",
        ["status"],
        postgresql_where=sa.text("status IN ('queued','running')"),
    )
    op.add_column("agent_tasks", sa.Column("job_id", sa.BigInteger()))
    op.alter_column("agent_tasks", "ready_at", nullable=True, server_default=None)
    op.drop_constraint(op.f("fk_agent_tasks_user_id_users"), "agent_tasks", type_="foreignkey")
    for name in ("result", "worker_id", "priority", "user_id"):
        op.drop_column("agent_tasks", name)
    op.drop_column("tasks", "priority")
    op.drop_table("workers")
