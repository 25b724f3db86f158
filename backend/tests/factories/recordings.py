"""A small bundle made by hand, without a database: one document from one file."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from app.agents.task_planner import content_hash
from app.core.blobs import sha256_hex
from app.schemas.base import Frozen
from app.schemas.bundle import BundleFile, BundlePlan, BundleSource, BundleStep, BundleTask
from app.schemas.plan import AgentName, ExecutionPlan
from app.services.bundles.archive import write_archive
from app.services.bundles.versions import versions_here
from app.sources import read_file
from tests.factories.bundles import members_of
from tests.factories.engine import make_plan, make_step
from tests.factories.task_files import ENGLISH_TEXT

TASK_ID, FILE_ID = "00000000-0000-4000-8000-000000000001", "file-1"
NAME = "report.md"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def small_plan() -> ExecutionPlan:
    """Return a plan of one document."""
    step = make_step("report", agent=AgentName.DOCS, title="Write the report", file_name=NAME)
    return make_plan([step], goal="Write a report on ferries", file_ids=(FILE_ID,), content_hash="")


def small_members(*, made: bytes = b"# Another report\n") -> list[tuple[str, bytes]]:
    """Return the members of a bundle whose task made a file of these bytes."""
    plan = small_plan()
    plan = plan.model_copy(update={"content_hash": content_hash(plan)})
    text = ENGLISH_TEXT.encode()
    extract = read_file(text, file_id=FILE_ID, file_name="ferries.md").model_dump_json().encode()
    source = BundleSource(
        file_id=FILE_ID,
        name="ferries.md",
        media_type="text/markdown",
        size_bytes=len(text),
        sha256=sha256_hex(text),
        extract_sha256=sha256_hex(extract),
    )
    recorded = BundlePlan(
        revision=1, content_hash=plan.content_hash, status="approved", decision="user", plan=plan
    )
    return [
        ("task.json", _task(plan).model_dump_json().encode()),
        ("plan.json", recorded.model_dump_json().encode()),
        ("steps.json", _list(_step())),
        ("calls.json", b"[]"),
        ("sources.json", _list(source)),
        ("files.json", _list(_file(made))),
        (f"sources/{source.sha256}", text),
        (f"extracts/{source.extract_sha256}", extract),
        (f"files/{sha256_hex(made)}", made),
    ]


def small_bundle(path: Path, *, made: bytes = b"# Another report\n") -> dict[str, bytes]:
    """Write a bundle; return its members."""
    with path.open("wb") as out:
        write_archive(out, small_members(made=made), task_id=TASK_ID, versions=versions_here())
    return members_of(path)


def _task(plan: ExecutionPlan) -> BundleTask:
    return BundleTask(
        id=TASK_ID,
        title=plan.title,
        goal=plan.goal,
        task_type=plan.task_type,
        language=plan.language,
        model=plan.model,
        status="done",
        cap_usd=Decimal(1),
        spent_usd=Decimal(0),
        file_ids=plan.file_ids,
        constraints={},
        result=None,
        error=None,
        created_at=NOON,
        started_at=NOON,
        finished_at=NOON,
    )


def _step() -> BundleStep:
    return BundleStep(
        key="report",
        agent="docs",
        status="done",
        attempt=1,
        first_seq=1,
        spent_usd=Decimal(0),
        has_result=False,
        summary=None,
        error=None,
        started_at=NOON,
        finished_at=NOON,
    )


def _file(made: bytes) -> BundleFile:
    return BundleFile(
        step_key="report",
        name=NAME,
        media_type="text/markdown",
        size_bytes=len(made),
        sha256=sha256_hex(made),
        report={"checks": []},
        sources=(),
    )


def _list(value: Frozen) -> bytes:
    return f"[{value.model_dump_json()}]".encode()
