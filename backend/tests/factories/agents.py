"""Agents of tests: each does one thing that agents may do."""

import asyncio
from collections.abc import Awaitable, Callable

from app.agents.errors import RetryTask
from app.agents.results import AgentResult
from app.agents.types import AgentContext, AgentTask

Act = Callable[[AgentTask, AgentContext], Awaitable[AgentResult]]


class ActingAgent:
    """Runs the act that the test gives for a step's key; other steps just succeed."""

    def __init__(self, **acts: Act) -> None:
        self._acts = acts
        self.runs: list[str] = []

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Do the step."""
        self.runs.append(task.key)
        act = self._acts.get(task.key)
        if act is None:
            return AgentResult(summary=f"{task.key} done")
        return await act(task, context)


class Gate:
    """An act that waits until the test opens it; `entered` says that a step stands before it."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Wait at the gate."""
        self.entered.set()
        await self.opened.wait()
        return AgentResult(summary="through the gate")


class FailsTimes:
    """An act that asks for another try some times, then succeeds."""

    def __init__(self, times: int) -> None:
        self._left = times

    async def __call__(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Fail or succeed."""
        if self._left:
            self._left -= 1
            raise RetryTask("not yet", retry_after_s=0.01)
        return AgentResult(summary="at last")


def raising(error: Exception) -> Act:
    """Return an act that raises."""

    async def act(task: AgentTask, context: AgentContext) -> AgentResult:
        raise error

    return act


async def make_much(task: AgentTask, context: AgentContext) -> AgentResult:
    """Return a result too large for a row: it becomes a blob."""
    return AgentResult(summary="much", notices=("x" * 40_000,))
