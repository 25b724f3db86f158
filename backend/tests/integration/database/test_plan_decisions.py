"""Plans from before decisions: what ran counts as approved, what waited still waits."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, text

from app.core import migrations
from app.core.ids import new_id
from tests.factories.database_server import database_server

BEFORE, AFTER = "0005_caps", "0006_plan_decisions"
USER = "INSERT INTO users (id, email, name) VALUES (:user, 'a@example.com', 'A')"
TASK = (
    "INSERT INTO tasks (id, user_id, goal, title, task_type, language, model, status, plan_id, "
    "file_ids, cap_usd) VALUES (:task, :user, 'g', 't', 'docs', 'en', 'builtin', :status, "
    ":plan, '[]', 1)"
)
PLAN = (
    "INSERT INTO plans (id, task_id, revision, content_hash, body, approved_at) "
    "VALUES (:plan, :task, :revision, 'h', '{}', CASE WHEN :ran THEN now() END)"
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with database_server() as url, migrations.connect(url) as opened:
        yield opened


def add_task(connection: Connection, user: str, *, status: str, ran: bool) -> tuple[str, str]:
    """Insert a task with an older plan and a current one; return their ids."""
    old, current, task = new_id(), new_id(), new_id()
    connection.execute(text(TASK), {"task": task, "user": user, "status": status, "plan": current})
    for revision, (plan, is_run) in enumerate([(old, False), (current, ran)], start=1):
        values = {"plan": plan, "task": task, "revision": revision, "ran": is_run}
        connection.execute(text(PLAN), values)
    return old, current


class TestPlanDecisions:
    def test_keep_what_ran_and_what_waits(self, connection: Connection) -> None:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
        user = new_id()
        connection.execute(text(USER), {"user": user})
        old, waiting = add_task(connection, user, status="planned", ran=False)
        _, ran = add_task(connection, user, status="done", ran=True)
        command.upgrade(config, AFTER)
        query = text("SELECT id::text, status, decision, decided_by::text FROM plans")
        found = {row.id: tuple(row)[1:] for row in connection.execute(query)}
        assert found[old] == ("superseded", None, None)
        assert found[waiting] == ("proposed", None, None)
        assert found[ran] == ("approved", "user", user)
