"""Blobs in the database, for workers on other machines.

Revision ID: 0007_shared_blobs
Revises: 0006_plan_decisions
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_shared_blobs"
down_revision = "0006_plan_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; its content is packed already, so the server need not try."""
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.execute("ALTER TABLE blobs ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Drop the table; the folders of the machines keep what they have."""
    op.drop_table("blobs")
