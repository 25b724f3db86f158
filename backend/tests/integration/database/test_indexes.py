"""The indexes that the specification names are there."""

import pytest
from sqlalchemy import text

from app.core.database import Database

SPECIFIED = {
    "tasks": [
        ["task_type"],
        ["status"],
        ["user_id", "status"],
        ["user_id", "task_type"],
        ["status", "created_at"],
    ],
    "users": [["is_active"]],
}
COLUMNS_OF_INDEXES = """
SELECT i.relname AS name, array_agg(a.attname::text ORDER BY k.ordinality) AS columns
FROM pg_index x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(attnum, ordinality)
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE t.relname = :table GROUP BY i.relname
"""


async def indexes_of(database: Database, table: str) -> dict[str, list[str]]:
    async with database.transaction() as session:
        rows = await session.execute(text(COLUMNS_OF_INDEXES), {"table": table})
        return {row.name: row.columns for row in rows}


class TestIndexes:
    @pytest.mark.parametrize("table", SPECIFIED)
    async def test_cover_the_specified_columns(self, database: Database, table: str) -> None:
        found = list((await indexes_of(database, table)).values())
        for columns in SPECIFIED[table]:
            assert columns in found

    async def test_have_the_specified_names(self, database: Database) -> None:
        names = set(await indexes_of(database, "tasks"))
        assert {"ix_tasks_user_status", "ix_tasks_user_type", "ix_tasks_status_created"} <= names
