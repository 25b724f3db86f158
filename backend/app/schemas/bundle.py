"""What a task's bundle holds, member by member."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from app.schemas.base import Frozen
from app.schemas.plan import ExecutionPlan, QuotedPrice
from app.schemas.source import Language

FORMAT: Final = "madang-bundle"
FORMAT_VERSION: Final = 1
UUID_FORM: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _has_a_day(moment: datetime) -> datetime:
    """Return the moment if its day in UTC can be told: a replay writes as on that day."""
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        message = "lies outside the calendar"
        raise ValueError(message) from error
    return moment


class BundleMember(Frozen):
    """One member of the archive, beside the manifest itself."""

    name: str
    size_bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ManifestHead(BaseModel):
    """What is read of a manifest before its format is known to be ours."""

    format: str
    version: int


class BundleManifest(Frozen):
    """What the bundle is, what made it, and the hash of every other member.

    `versions` names Madang, Python and the libraries that write files: with others the same plan
    may give other bytes.
    """

    format: Literal["madang-bundle"] = FORMAT
    version: int = FORMAT_VERSION
    task_id: str
    versions: dict[str, str]
    members: tuple[BundleMember, ...]


class BundleTask(Frozen):
    """The task as it ended. Its id names folders: it is a UUID and nothing else."""

    id: str = Field(pattern=UUID_FORM)
    title: str
    goal: str
    task_type: str
    language: Language
    model: str
    status: str
    cap_usd: Decimal
    spent_usd: Decimal
    file_ids: tuple[str, ...]
    constraints: dict[str, Any]
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: Annotated[AwareDatetime, AfterValidator(_has_a_day)]
    started_at: datetime | None
    finished_at: datetime | None


class BundlePlan(Frozen):
    """The revision of the plan that ran."""

    revision: int
    content_hash: str
    status: str
    decision: str | None
    plan: ExecutionPlan


class BundlePrices(Frozen):
    """The price that the plan was made with, and what the calls cost."""

    model: str
    price: QuotedPrice | None
    spent_usd: Decimal
    cost_usd_by_model: dict[str, Decimal]


class BundleStep(Frozen):
    """How a step ended. `has_result`: `results/<key>.json` holds what it handed on.

    Its calls before number `first_seq` belong to tries that a resume has overtaken.
    """

    key: str
    agent: str
    status: str
    attempt: int
    first_seq: int
    spent_usd: Decimal
    has_result: bool
    summary: str | None
    error: dict[str, Any] | None
    started_at: datetime | None
    finished_at: datetime | None


class BundleCall(Frozen):
    """One send of a paid call. `has_request`: what it asked is `requests/<request_hash>.json`."""

    step_key: str
    seq: int
    send: int
    attempt: int
    operation: str
    model: str
    request_hash: str
    has_request: bool
    status: str
    reserved_usd: Decimal
    cost_usd: Decimal | None
    input_tokens: int | None
    output_tokens: int | None
    reply: dict[str, Any] | None
    error: str | None
    created_at: datetime
    settled_at: datetime | None


class BundleEvent(Frozen):
    """One event of the task, in order."""

    seq: int
    kind: str
    step_key: str | None
    payload: dict[str, Any]
    created_at: datetime


class BundleSource(Frozen):
    """A file that the task worked from: `sources/<sha256>`, read as `extracts/<extract_sha256>`."""

    file_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    extract_sha256: str


class BundleFile(Frozen):
    """A file that the task made: `files/<sha256>`."""

    step_key: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    report: dict[str, Any]
    sources: tuple[dict[str, Any], ...]
