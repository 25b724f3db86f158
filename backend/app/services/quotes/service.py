"""What quotes are learned from, and how well they hold."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.agents.history import History, StepActual
from app.agents.types import StepStatus
from app.core.database import Database
from app.schemas.calibration import CalibrationRead
from app.schemas.plan import AgentName, Complexity, Quote
from app.services.quotes.calibration import QuotedRun, calibrate
from app.services.quotes.repository import QuoteRepository, StepRun, TaskRun

# The latest tasks are enough, and bound what a quote costs.
LEARNED_TASKS = 200
CALIBRATED_TASKS = 1000
KNOWN_AGENTS = frozenset(AgentName)


class QuoteService:
    """A user's own runs; nobody learns from another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, user_id: str, model: str) -> History:
        """Return what the user's steps took with a model, for `TaskPlanner` and `requote`."""
        async with self._database.transaction() as session:
            runs = await QuoteRepository(session).step_runs(
                user_id, model=model, tasks=LEARNED_TASKS, with_estimates=False
            )
        return History(_actual(run) for run in runs if _is_usable(run))

    async def calibration(self, user_id: str) -> CalibrationRead:
        """Return how often the user's actuals fell inside what was forecast."""
        async with self._database.transaction() as session:
            repository = QuoteRepository(session)
            steps = await repository.step_runs(user_id, tasks=CALIBRATED_TASKS, with_estimates=True)
            tasks = await repository.task_runs(user_id, tasks=CALIBRATED_TASKS)
        return calibrate([*_quoted_plans(tasks, steps), *_quoted_steps(steps)])


def _is_usable(run: StepRun) -> bool:
    # A failed step says nothing of what a finished one takes.
    is_done = run.status == StepStatus.DONE and run.source_characters is not None
    return is_done and run.agent in KNOWN_AGENTS


def _actual(run: StepRun) -> StepActual:
    return StepActual(
        task_id=run.task_id,
        agent=AgentName(run.agent),
        complexity=Complexity(run.complexity),
        source_characters=run.source_characters or 0,
        time_s=run.time_s,
        input_tokens=run.input_tokens,
        output_tokens=run.output_tokens,
        uncertain_usd=run.uncertain_usd,
    )


def _quoted_steps(steps: Sequence[StepRun]) -> Iterator[QuotedRun]:
    for run in steps:
        if _is_usable(run) and run.estimate is not None:
            yield QuotedRun(
                agent=AgentName(run.agent),
                model=run.model,
                quote=Quote.model_validate(run.estimate),
                time_s=run.time_s,
                cost_usd=float(run.cost_usd),
                tokens=run.input_tokens + run.output_tokens,
            )


def _quoted_plans(tasks: Sequence[TaskRun], steps: Sequence[StepRun]) -> Iterator[QuotedRun]:
    of_task: dict[str, list[StepRun]] = defaultdict(list)
    for run in steps:
        of_task[run.task_id].append(run)
    for task in tasks:
        mine = of_task[task.task_id]
        # A quote from before there was an interval is no forecast of one.
        if any(run.source_characters is None for run in mine):
            continue
        yield QuotedRun(
            agent=None,
            model=task.model,
            quote=Quote.model_validate(task.quote),
            time_s=task.time_s,
            cost_usd=float(sum(run.cost_usd for run in mine)),
            tokens=sum(run.input_tokens + run.output_tokens for run in mine),
        )
