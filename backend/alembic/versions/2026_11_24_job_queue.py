"""Once the tables of a job queue of another make; the steps themselves are the queue since 0004.

Revision ID: 0003_job_queue
Revises: 0002_tasks
"""

revision = "0003_job_queue"
down_revision = "0002_tasks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing: a database upgraded before 0004 has the tables, and 0004 drops them."""


def downgrade() -> None:
    """Undo nothing."""
