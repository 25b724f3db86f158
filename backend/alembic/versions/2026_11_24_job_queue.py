"""Add the job queue's own schema, as Procrastinate 3.10 ships it.

Revision ID: 0003_job_queue
Revises: 0002_tasks
"""

from importlib.resources import files

from alembic import op

revision = "0003_job_queue"
down_revision = "0002_tasks"
branch_labels = None
depends_on = None

DROP_ALL = """
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


def run_script(script: str) -> None:
    """Run many statements as they are: the driver reads "%" only when it is given parameters."""
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        message = "not connected"
        raise RuntimeError(message)
    driver.execute(script)


def upgrade() -> None:
    """Run the package's schema file."""
    schema = files("procrastinate").joinpath("sql", "schema.sql").read_text(encoding="utf-8")
    run_script(schema)


def downgrade() -> None:
    """Drop every table, function and type of the queue."""
    run_script(DROP_ALL)
