"""Run migrations on the connection given by `app.core.migrations`, or on the settings' database."""

from alembic import context
from sqlalchemy import Connection, text

from app.core.migrations import connect
from app.models import Base


def migrate(connection: Connection) -> None:
    """Run within one transaction, not waiting long for a lock held by a running server."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
    )
    with context.begin_transaction():
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        context.run_migrations()


given = context.config.attributes.get("connection")
if isinstance(given, Connection):
    migrate(given)
else:
    with connect() as own:
        migrate(own)
