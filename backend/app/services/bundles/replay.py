"""Replay a recorded task: the same plan, the same agents, the recorded replies, no network."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from app.agents.builtin import BuiltinComposer
from app.agents.dag import parents
from app.agents.errors import TaskFailed
from app.agents.ledger_port import ModelRequest, Price
from app.agents.llm import Fallbacks, ModelProvider, parse_model_spec
from app.agents.local_execution import LocalExecution
from app.agents.orchestrator import agent_tasks_of
from app.agents.ports import Composer, Renderer
from app.agents.replay_ledger import BundleIncomplete, ReplyTape
from app.agents.results import AgentResult, ArtifactRef
from app.agents.types import AgentContext, AgentTask
from app.agents.workers import Agent, default_agents
from app.artifacts.press import Press
from app.artifacts.report import RenderedFile
from app.core.blobs import sha256_hex
from app.core.config import BUILTIN, ModelSettings
from app.schemas.plan import AgentName, ExecutionPlan
from app.schemas.source import Source
from app.services.bundles.recording import Recording, read_recording
from app.services.bundles.versions import versions_here
from app.sources import Embedder, SourceLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedFile:
    """A file of the original, of the replay, or of both; `content` is the replay's."""

    name: str
    content: bytes | None
    sha256: str | None
    expected_sha256: str | None

    @property
    def is_equal(self) -> bool:
        """Whether the replay made exactly the original's bytes."""
        return self.sha256 is not None and self.sha256 == self.expected_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What came of a replay. It costs nothing: replies come from the bundle, `replies` of them.

    `other_versions` names the programs that are of another version here than where it ran.
    """

    task_id: str
    title: str
    files: tuple[ReplayedFile, ...]
    replies: int
    other_versions: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every file is equal, none missing and none new."""
        return all(file.is_equal for file in self.files)


async def replay_bundle(path: Path, embedder: Embedder | None) -> Replay:
    """Verify a bundle and run its plan again from it alone; nothing is written.

    Raises:
        BundleUnreadable, BundleUnsafe, BundleVersionUnknown, BundleTampered: It cannot be trusted.
        BundleIncomplete: This Madang asks other things than the one that recorded it.
    """
    recording = await asyncio.to_thread(read_recording, path)
    stage = _Stage(recording, embedder)
    with closing(Press()) as press:
        execution = LocalExecution(stage.agents(press), stage.context)
        await execution.execute(recording.plan, agent_tasks_of(recording.plan))
    other = _other_versions(recording.manifest.versions)
    if stage.tape.absent:
        raise BundleIncomplete(
            f"The bundle holds no reply to {len(stage.tape.absent)} requests "
            f"({', '.join(sorted(stage.tape.absent)[:3])}); {_cause(other)}",
            absent=sorted(stage.tape.absent),
        )
    return Replay(
        task_id=recording.task.id,
        title=recording.task.title,
        files=tuple(_compare(recording, stage.files)),
        replies=stage.tape.replayed,
        other_versions=other,
    )


class _Stage:
    """What the agents of a replay are given instead of the engine."""

    def __init__(self, recording: Recording, embedder: Embedder | None) -> None:
        self.tape = ReplyTape(recording.sends)
        self.files: dict[str, RenderedFile] = {}
        self._recording = recording
        self._embedder = embedder
        self._sources = SourceLibrary(recording.extracts, embedder)
        self._positions = {step.key: n for n, step in enumerate(recording.plan.steps)}

    def agents(self, renderer: Renderer) -> Mapping[AgentName, Agent]:
        """Return the agents, each of which lets fail what failed."""
        agents = default_agents(renderer)
        return {name: _AsRecorded(agent, self._recording) for name, agent in agents.items()}

    def context(
        self,
        plan: ExecutionPlan,
        task: AgentTask,
        results: Mapping[str, AgentResult],
        missing: Mapping[str, str],  # noqa: ARG002 - the recorded reasons are told instead
    ) -> AgentContext:
        """Return the context as the engine gave it: parents in the plan's order, UTC's day."""
        before = sorted(parents(task.step), key=self._positions.__getitem__)
        reasons = {key: self._recording.reason_of(key) for key in before}
        return AgentContext(
            task_id=self._recording.task.id,
            goal=plan.goal,
            language=plan.language,
            today=self._recording.task.created_at.astimezone(UTC).date(),
            composer=self._composer(task.key, task.step.model or plan.model, task.step.fallbacks),
            sources=self._sources,
            artifacts=self,
            results={key: results[key] for key in before if key in results},
            missing={key: reason for key, reason in reasons.items() if reason is not None},
            report=_say_nothing,
        )

    async def save(
        self,
        file: RenderedFile,
        sources: tuple[Source, ...],  # noqa: ARG002 - the port's; only bytes are compared
    ) -> ArtifactRef:
        """Keep a file that an agent made."""
        self.files[file.name] = file
        return ArtifactRef(
            name=file.name,
            media_type=file.media_type,
            sha256=sha256_hex(file.content),
            size_bytes=len(file.content),
            report=file.report,
        )

    def _composer(self, step_key: str, model: str, fallbacks: tuple[str, ...]) -> Composer:
        if model == BUILTIN:
            return BuiltinComposer(self._embedder)
        settings = ModelSettings(name=model)
        if self._recording.max_output_tokens is not None:
            # A part of every request: this machine's own setting would ask something else.
            settings = settings.model_copy(
                update={"max_output_tokens": self._recording.max_output_tokens}
            )
        provider = ModelProvider(
            settings,
            spec=parse_model_spec(settings),
            price=_price(self._recording.plan),
            transport=_NoTransport(),
        )
        others = Fallbacks(models=fallbacks)
        return provider.composer(self.tape.ledger(step_key), fallbacks=others)


class _AsRecorded:
    """An agent that does its steps again, but for those that did not succeed when recorded."""

    def __init__(self, agent: Agent, recording: Recording) -> None:
        self._agent = agent
        self._recording = recording

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Do the step, or fail as it failed."""
        reason = self._recording.reason_of(task.key)
        if reason is not None:
            raise TaskFailed(reason)
        return await self._agent.run(task, context)


class _NoTransport:
    """The way to a model's server that a replay does not have: whoever comes here is stopped."""

    async def send(self, request: ModelRequest, idempotency_key: str) -> NoReturn:
        """Fail: the ledger of a replay never sends."""
        message = f"a replay sends nothing, yet {idempotency_key} would send {request.operation}"
        raise RuntimeError(message)

    def adapt(self, refusal: str) -> bool:
        """Fail: what was never sent is never refused."""
        message = f"a replay sends nothing, yet something was refused: {refusal}"
        raise RuntimeError(message)

    async def aclose(self) -> None:
        """Close nothing."""


def _compare(recording: Recording, made: Mapping[str, RenderedFile]) -> Iterator[ReplayedFile]:
    expected = {file.name: file.sha256 for file in recording.files}
    for name in dict.fromkeys((*expected, *sorted(made))):
        content = made[name].content if name in made else None
        yield ReplayedFile(
            name=name,
            content=content,
            sha256=None if content is None else sha256_hex(content),
            expected_sha256=expected.get(name),
        )


def _price(plan: ExecutionPlan) -> Price:
    given = plan.price
    return Price(
        input_usd_per_mtok=Decimal(str(given.input_usd_per_mtok)) if given else Decimal(0),
        output_usd_per_mtok=Decimal(str(given.output_usd_per_mtok)) if given else Decimal(0),
        source="bundle",
    )


def _other_versions(recorded: Mapping[str, str]) -> tuple[str, ...]:
    here = versions_here()
    return tuple(
        f"{name} {version} -> {here.get(name, '-')}"
        for name, version in sorted(recorded.items())
        if here.get(name) != version
    )


def _cause(other_versions: tuple[str, ...]) -> str:
    made_by = next((text for text in other_versions if text.startswith("madang ")), None)
    if made_by is not None:
        return f"replay it with the Madang that made it ({made_by})."
    return "it was changed, or recorded by a program that differs from this one."


async def _say_nothing(text: str) -> None:
    """Tell nobody of the progress."""
