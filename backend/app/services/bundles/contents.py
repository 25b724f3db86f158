"""A task's rows and blobs as the members of its bundle, always in the same order and bytes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.agents.ledger_port import ModelRequest
from app.core.blobs import BlobStore
from app.models import AgentTaskRow, Artifact, ModelCall, Plan, Task, TaskEvent
from app.schemas.base import Frozen
from app.schemas.bundle import (
    BundleCall,
    BundleEvent,
    BundleFile,
    BundlePlan,
    BundlePrices,
    BundleSource,
    BundleStep,
    BundleTask,
)
from app.schemas.plan import ExecutionPlan
from app.services.bundles.redaction import Redaction
from app.services.bundles.repository import BundleRows

Member = tuple[str, bytes]


class BundleContents:
    """Turns rows into members; blobs are read one at a time, when their turn comes."""

    def __init__(
        self, rows: BundleRows, plan: Plan, blobs: BlobStore, secrets: Iterable[str]
    ) -> None:
        self._rows = rows
        self._plan = plan
        self._blobs = blobs
        said = [str(step.error.get("message", "")) for step in rows.steps if step.error]
        self._secrets = Redaction(secrets, said)

    def members(self) -> Iterator[Member]:
        """Yield name and bytes of every member but the manifest; call it in a thread.

        Raises:
            BlobNotFound: Bytes that a row names are gone from the data folder.
        """
        requests, calls = self._requests_and_calls()
        yield _one("task", self._task(self._rows.task))
        yield _one("plan", _plan(self._plan))
        yield _one("prices", self._prices())
        yield _many("steps", [self._step(step) for step in self._rows.steps])
        yield _many("calls", calls)
        yield _many("events", [self._event(event) for event in self._rows.events])
        yield _many("sources", self._sources())
        yield _many("files", [_file(artifact) for artifact in self._rows.artifacts])
        for sha256, request in sorted(requests.items()):
            yield _one(f"requests/{sha256}", request)
        yield from self._results()
        yield from self._blob_members()

    def _results(self) -> Iterator[Member]:
        for step in self._rows.steps:
            if step.result_sha256 is not None:
                text = step.result or self._blobs.get(step.result_sha256).decode()
                yield f"results/{step.key}.json", _json(self._secrets.clean_echo(json.loads(text)))

    def _blob_members(self) -> Iterator[Member]:
        files = self._rows.files
        kinds = {
            "sources": {file.sha256 for file in files},
            "extracts": {file.extract_sha256 for file in files},
            "files": {artifact.sha256 for artifact in self._rows.artifacts},
        }
        for folder, hashes in kinds.items():
            for sha256 in sorted(hashes):
                yield f"{folder}/{sha256}", self._blobs.get(sha256)

    def _requests_and_calls(self) -> tuple[dict[str, ModelRequest], list[BundleCall]]:
        requests: dict[str, ModelRequest] = {}
        calls: list[BundleCall] = []
        kept: dict[tuple[str, int], ModelRequest] = {}
        for call in self._rows.calls:
            if call.request is not None:
                # Hashed as it stands in the bundle: a replay knows errors by their cleaned words.
                request = ModelRequest.model_validate(self._secrets.clean_echo(call.request))
                requests[request.request_hash] = kept[(call.step_key, call.seq)] = request
            calls.append(self._call(call, kept.get((call.step_key, call.seq))))
        return requests, calls

    def _call(self, call: ModelCall, request: ModelRequest | None) -> BundleCall:
        return BundleCall(
            step_key=call.step_key,
            seq=call.seq,
            send=call.send,
            attempt=call.attempt,
            operation=call.operation,
            model=call.model,
            request_hash=call.request_hash if request is None else request.request_hash,
            has_request=request is not None,
            status=call.status,
            reserved_usd=call.reserved_usd,
            cost_usd=call.cost_usd,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            reply=self._secrets.clean_echo(call.reply),
            error=self._secrets.clean_error(call.error),
            created_at=utc(call.created_at),
            settled_at=utc(call.settled_at) if call.settled_at else None,
        )

    def _task(self, task: Task) -> BundleTask:
        return BundleTask(
            id=task.id,
            title=task.title,
            goal=task.goal,
            task_type=task.task_type,
            language="ko" if task.language == "ko" else "en",
            model=task.model,
            status=task.status,
            cap_usd=task.cap_usd,
            spent_usd=task.spent_usd,
            file_ids=tuple(task.file_ids),
            constraints=task.constraints,
            result=self._secrets.clean_error(task.result),
            error=self._secrets.clean_error(task.error),
            created_at=utc(task.created_at),
            started_at=utc(task.started_at) if task.started_at else None,
            finished_at=utc(task.finished_at) if task.finished_at else None,
        )

    def _step(self, step: AgentTaskRow) -> BundleStep:
        return BundleStep(
            key=step.key,
            agent=step.agent,
            status=step.status,
            attempt=step.attempt,
            first_seq=step.first_seq,
            spent_usd=step.spent_usd,
            has_result=step.result_sha256 is not None,
            summary=self._secrets.clean_echo(step.summary),
            error=self._secrets.clean_error(step.error),
            started_at=utc(step.started_at) if step.started_at else None,
            finished_at=utc(step.finished_at) if step.finished_at else None,
        )

    def _event(self, event: TaskEvent) -> BundleEvent:
        return BundleEvent(
            seq=event.seq,
            kind=event.kind,
            step_key=event.step_key,
            payload=self._secrets.clean_error(event.payload),
            created_at=utc(event.created_at),
        )

    def _prices(self) -> BundlePrices:
        costs: dict[str, Decimal] = defaultdict(Decimal)
        for call in self._rows.calls:
            costs[call.model] += call.cost_usd or Decimal(0)
        plan = ExecutionPlan.model_validate(self._plan.body)
        return BundlePrices(
            model=plan.model,
            price=plan.price,
            spent_usd=self._rows.task.spent_usd,
            cost_usd_by_model=dict(sorted(costs.items())),
        )

    def _sources(self) -> list[BundleSource]:
        return [
            BundleSource(
                file_id=file.id,
                name=file.name,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                extract_sha256=file.extract_sha256,
            )
            for file in self._rows.files
        ]


def _plan(row: Plan) -> BundlePlan:
    return BundlePlan(
        revision=row.revision,
        content_hash=row.content_hash,
        status=row.status,
        decision=row.decision,
        plan=ExecutionPlan.model_validate(row.body),
    )


def _file(artifact: Artifact) -> BundleFile:
    return BundleFile(
        step_key=artifact.step_key,
        name=artifact.name,
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        sha256=artifact.sha256,
        report=artifact.report,
        sources=tuple(artifact.sources),
    )


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC: the bytes must not depend on the server's zone."""
    return moment.astimezone(UTC)


def _one(name: str, value: Frozen) -> Member:
    return f"{name}.json", _json(value.model_dump(mode="json"))


def _many(name: str, values: Sequence[Frozen]) -> Member:
    return f"{name}.json", _json([value.model_dump(mode="json") for value in values])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()
