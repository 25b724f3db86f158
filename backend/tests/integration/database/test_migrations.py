"""The migrations: one head, nothing left out, and a way back."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.core import migrations
from app.core.postgres import DatabaseUnavailable
from tests.factories.database_server import database_server

LEFT_BY_DOWNGRADE = {"alembic_version"}


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with database_server() as url, migrations.connect(url) as opened:
        yield opened


@pytest.fixture
def config(connection: Connection) -> Config:
    config = migrations.alembic_config()
    config.attributes["connection"] = connection
    return config


def tables(connection: Connection) -> set[str]:
    rows = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return {row.tablename for row in rows}


class TestMigrations:
    def test_have_one_head(self, config: Config) -> None:
        assert len(ScriptDirectory.from_config(config).get_heads()) == 1

    def test_make_what_the_models_say(self, config: Config) -> None:
        command.check(config)

    def test_go_down_to_nothing_and_up_again(self, config: Config, connection: Connection) -> None:
        command.downgrade(config, "base")
        assert tables(connection) == LEFT_BY_DOWNGRADE
        command.upgrade(config, "head")
        command.check(config)

    def test_are_not_run_twice(self, connection: Connection) -> None:
        assert migrations.is_current(connection)

    def test_of_a_newer_madang_are_refused_with_a_way_out(self) -> None:
        with database_server() as url:
            with migrations.connect(url) as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
            with pytest.raises(DatabaseUnavailable, match="newer Madang"):
                migrations.upgrade(url)

    def test_of_a_server_that_is_away_are_refused_with_a_way_out(self) -> None:
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            migrations.upgrade("postgresql://u@/d?host=/nonexistent")
