"""A verified bundle, read: what a replay needs of it, as the agents' own types."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from app.agents.dag import PlanInvalid
from app.agents.ledger_port import ModelReply, ModelRequest
from app.agents.plan_check import check_steps
from app.agents.replay_ledger import RecordedSend
from app.agents.task_planner import content_hash
from app.agents.types import StepStatus
from app.core.blobs import sha256_hex
from app.schemas.bundle import (
    BundleCall,
    BundleFile,
    BundleManifest,
    BundlePlan,
    BundleSource,
    BundleStep,
    BundleTask,
)
from app.schemas.plan import ExecutionPlan
from app.schemas.source import Extract
from app.services.bundles.archive import VerifiedArchive, open_archive
from app.services.bundles.errors import BundleTampered

Value = TypeVar("Value")
TASK, PLAN = TypeAdapter(BundleTask), TypeAdapter(BundlePlan)
STEPS, CALLS = TypeAdapter(tuple[BundleStep, ...]), TypeAdapter(tuple[BundleCall, ...])
SOURCES, FILES = TypeAdapter(tuple[BundleSource, ...]), TypeAdapter(tuple[BundleFile, ...])
REQUEST, EXTRACT = TypeAdapter(ModelRequest), TypeAdapter(Extract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recorded task. `max_output_tokens` is what its requests allowed, None if none is kept."""

    manifest: BundleManifest
    task: BundleTask
    plan: ExecutionPlan
    steps: Sequence[BundleStep]
    sends: Sequence[RecordedSend]
    extracts: Sequence[Extract]
    files: Sequence[BundleFile]
    max_output_tokens: int | None

    def reason_of(self, key: str) -> str | None:
        """Return why a step is not done, in the words that later steps were told; None if it is."""
        step = next((step for step in self.steps if step.key == key), None)
        title = self.plan.step(key).title
        if step is None:
            return f"{title}: {StepStatus.CANCELLED}"
        if step.status == StepStatus.DONE:
            return None
        message = str((step.error or {}).get("message", ""))
        return message or f"{title}: {step.status}"


def read_recording(path: Path) -> Recording:
    """Verify a bundle and read it; nothing is written.

    Raises:
        BundleUnreadable, BundleUnsafe, BundleVersionUnknown, BundleTampered: It cannot be trusted.
    """
    with open_archive(path) as archive:
        plan = _plan(_part(archive, "plan", PLAN))
        steps = _part(archive, "steps", STEPS)
        calls = _part(archive, "calls", CALLS)
        sources = _part(archive, "sources", SOURCES)
        files = _part(archive, "files", FILES)
        requests = dict(_requests(archive, calls))
        return Recording(
            manifest=archive.manifest,
            task=_part(archive, "task", TASK),
            plan=plan,
            steps=steps,
            sends=tuple(_sends(calls, {step.key: step.first_seq for step in steps})),
            extracts=tuple(_extracts(archive, plan, sources)),
            files=tuple(_files(archive, files)),
            max_output_tokens=next((r.max_output_tokens for r in requests.values()), None),
        )


def _plan(recorded: BundlePlan) -> ExecutionPlan:
    plan = recorded.plan
    if not content_hash(plan) == plan.content_hash == recorded.content_hash:
        raise BundleTampered("The bundle's plan is not the one that its hash names.")
    try:
        check_steps(plan.steps)
    except PlanInvalid as error:
        raise BundleTampered(f"The bundle's plan cannot have run. {error.message}") from error
    return plan


def _requests(
    archive: VerifiedArchive, calls: Sequence[BundleCall]
) -> Iterator[tuple[str, ModelRequest]]:
    for sha256 in dict.fromkeys(call.request_hash for call in calls if call.has_request):
        request = _value(archive, f"requests/{sha256}.json", REQUEST)
        if request.request_hash != sha256:
            raise BundleTampered(f"requests/{sha256}.json is not the request that its name says.")
        yield sha256, request


def _sends(calls: Sequence[BundleCall], first_seqs: dict[str, int]) -> Iterator[RecordedSend]:
    for call in calls:
        if call.seq < first_seqs.get(call.step_key, 1):
            continue
        try:
            reply = None if call.reply is None else ModelReply.model_validate(call.reply)
        except ValidationError as error:
            raise BundleTampered("A reply in calls.json does not have a reply's form.") from error
        yield RecordedSend(
            step_key=call.step_key,
            seq=call.seq,
            request_hash=call.request_hash,
            status=call.status,
            reply=reply,
            error=call.error,
        )


def _extracts(
    archive: VerifiedArchive, plan: ExecutionPlan, sources: Sequence[BundleSource]
) -> Iterator[Extract]:
    by_id = {source.file_id: source for source in sources}
    for source in sources:
        _require_hash(archive, f"sources/{source.sha256}", source.sha256)
    for file_id in plan.file_ids:
        if file_id not in by_id:
            raise BundleTampered(f"The bundle's plan works from a file that it lacks: {file_id}.")
        sha256 = by_id[file_id].extract_sha256
        name = f"extracts/{sha256}"
        _require_hash(archive, name, sha256)
        yield _value(archive, name, EXTRACT)


def _files(archive: VerifiedArchive, files: Sequence[BundleFile]) -> Iterator[BundleFile]:
    for file in files:
        _require_hash(archive, f"files/{file.sha256}", file.sha256)
        yield file


def _require_hash(archive: VerifiedArchive, name: str, sha256: str) -> None:
    if sha256_hex(archive.read(name)) != sha256:
        raise BundleTampered(f"{name} is not the content that its name says.")


def _part(archive: VerifiedArchive, name: str, kind: TypeAdapter[Value]) -> Value:
    return _value(archive, f"{name}.json", kind)


def _value(archive: VerifiedArchive, name: str, kind: TypeAdapter[Value]) -> Value:
    try:
        return kind.validate_json(archive.read(name))
    except ValidationError as error:
        raise BundleTampered(
            f"{name} does not have the form of its version; export the task again."
        ) from error
