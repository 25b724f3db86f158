"""Keep what each paid call asked, beside its hash: a task's bundle holds its prompts.

Revision ID: 0008_call_requests
Revises: 0007_shared_blobs
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_call_requests"
down_revision = "0007_shared_blobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; older calls have no request, only its hash."""
    op.add_column("model_calls", sa.Column("request", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Forget the requests."""
    op.drop_column("model_calls", "request")
