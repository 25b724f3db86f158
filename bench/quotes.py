"""Do quotes hold? Workloads of known noise are run 30 times, then 200 times more.

Rows are real, in a real PostgreSQL, and quotes come from them by the way of the product: the query
behind `QuoteService.history`, then `requote`. Only the work is drawn at random, by a printed seed:
log-normal times and tokens with a factor common to the steps of a run, and now and then a retry.

Two ways of asking: `frozen` quotes all 200 runs from the first 30; `learning` quotes anew every 5
runs from all before them, as the product does. An interval learned from 30 runs holds 80% on the
average of workloads, with a standard deviation of about 6 points from one to the next whatever the
method (the coverage of order statistics is a beta distribution): so the bound is on the mean of the
workloads, and the spread is printed. Exit code 1 when a bound is missed.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.ledger_port import Price
from app.agents.task_planner import requote
from app.core.config import DatabaseSettings
from app.core.database import Database, open_engine
from app.core.ids import new_id
from app.schemas.plan import AgentName, Complexity, ExecutionPlan, PlanStep, Range
from app.services.quotes import QuoteService
from bench.report import write
from tests.factories.database_server import database_server
from tests.factories.engine import make_plan, make_step
from tests.factories.recorded_runs import Outcome, RecordedRun
from tests.factories.users import make_key_holder

TRAINING, HELD_OUT, WORKLOADS = 30, 200, 8
QUOTED_EVERY = 5
LEAST_INSIDE, MOST_INSIDE, MOST_ERROR = 0.75, 0.85, 0.20
RETRIED = 0.04
SEED = 20_261_125
MODEL = "openai:bench"
PRICE = Price(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(8), source="bench")
START = datetime(2026, 1, 1, tzinfo=UTC)
MEASURES = ("time_s", "cost_usd", "tokens")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """How the quotes of one way held in one measure, over all workloads."""

    way: str
    measure: str
    inside: float
    lowest: float
    highest: float
    median_error: float

    @property
    def right(self) -> bool:
        """Whether the bounds are kept."""
        return LEAST_INSIDE <= self.inside <= MOST_INSIDE and self.median_error < MOST_ERROR


class Workload:
    """Five steps of one kind of job, with times and tokens unlike the priors."""

    def __init__(self, random: np.random.Generator, number: int) -> None:
        self._random = random
        self.steps = _steps()
        self.source_characters = int(random.uniform(500, 60_000))
        count = len(self.steps)
        self._time_s = random.uniform(3, 90, count)
        self._tokens = random.uniform(800, 20_000, count)
        self._output_share = random.uniform(0.1, 0.4, count)
        self._noise = random.uniform(0.12, 0.32, count)
        self._common = random.uniform(0, 0.5)
        self.name = f"workload {number + 1}"

    def plan(self) -> ExecutionPlan:
        """Return the plan of the job, without estimates."""
        plan = make_plan(self.steps, model=MODEL)
        return plan.model_copy(update={"source_characters": self.source_characters})

    def outcomes(self) -> dict[str, Outcome]:
        """Draw one run."""
        slowness, wordiness = self._random.standard_normal(2)
        return {
            step.key: self._outcome(number, slowness, wordiness)
            for number, step in enumerate(self.steps)
        }

    def _outcome(self, number: int, slowness: float, wordiness: float) -> Outcome:
        time_s = self._time_s[number] * self._factor(number, slowness)
        tokens = self._tokens[number] * self._factor(number, wordiness)
        written = tokens * self._output_share[number]
        is_retried = self._random.random() < RETRIED
        failed_s = time_s * self._random.uniform(0.2, 0.9) if is_retried else 0.0
        uncertain = PRICE.cost_usd(round(tokens), 0) if is_retried else Decimal(0)
        return Outcome(
            time_s=time_s + failed_s,
            failed_s=failed_s,
            input_tokens=round(tokens - written),
            output_tokens=round(written),
            uncertain_usd=uncertain,
        )

    def _factor(self, number: int, common: float) -> float:
        own = self._random.standard_normal()
        score = np.sqrt(self._common) * common + np.sqrt(1 - self._common) * own
        return float(np.exp(self._noise[number] * score))


@dataclass(frozen=True, kw_only=True)
class Held:
    """One quote of a whole plan beside what came."""

    said: Range
    came: float


class Trial:
    """One workload of one user, run in order."""

    def __init__(self, database: Database, user_id: str, workload: Workload) -> None:
        self._database = database
        self._user_id = user_id
        self._workload = workload
        self._quotes = QuoteService(database)
        self._runs = 0

    async def quoted(self) -> ExecutionPlan:
        """Return the plan, quoted from all that is recorded."""
        history = await self._quotes.history(self._user_id, MODEL)
        return requote(self._workload.plan(), price=PRICE, history=history)

    async def record(self, plan: ExecutionPlan, runs: int) -> list[dict[str, float]]:
        """Run the job, leave its rows, and return what each run took."""
        async with self._database.transaction() as session:
            return [await self._run(session, plan) for _ in range(runs)]

    async def refresh_statistics(self) -> None:
        """Tell PostgreSQL how full its tables are, as autovacuum does within a minute."""
        async with self._database.transaction() as session:
            await session.execute(text("ANALYZE"))

    async def _run(self, session: AsyncSession, plan: ExecutionPlan) -> dict[str, float]:
        outcomes = self._workload.outcomes()
        run = RecordedRun(
            task_id=new_id(),
            user_id=self._user_id,
            plan=plan,
            outcomes=outcomes,
            began_at=START + timedelta(hours=self._runs),
            price=PRICE,
        )
        self._runs += 1
        time_s = await run.insert(session)
        costs = [
            PRICE.cost_usd(o.input_tokens, o.output_tokens) + o.uncertain_usd
            for o in outcomes.values()
        ]
        return {
            "time_s": float(time_s),
            "cost_usd": float(sum(costs)),
            "tokens": float(sum(o.input_tokens + o.output_tokens for o in outcomes.values())),
        }


async def main() -> int:
    """Run every workload, print the figures, and return 1 when a bound is missed."""
    random = np.random.default_rng(SEED)
    held: dict[tuple[str, str], list[list[Held]]] = {}
    with database_server() as url:
        database = Database(open_engine(url, DatabaseSettings(pool_size=2)))
        for number in range(WORKLOADS):
            holder = await make_key_holder(database, email=f"user{number}@example.com")
            trial = Trial(database, holder.user.id, Workload(random, number))
            for key, pairs in (await _tried(trial)).items():
                held.setdefault(key, []).append(pairs)
        await database.close()
    figures = [_figure(way, measure, pairs) for (way, measure), pairs in sorted(held.items())]
    _show(figures)
    write("quotes", figures)
    return int(not all(figure.right for figure in figures))


async def _tried(trial: Trial) -> dict[tuple[str, str], list[Held]]:
    for _ in range(TRAINING // QUOTED_EVERY):
        await trial.record(await trial.quoted(), QUOTED_EVERY)
    await trial.refresh_statistics()
    frozen = await trial.quoted()
    held: dict[tuple[str, str], list[Held]] = {}
    for _ in range(HELD_OUT // QUOTED_EVERY):
        learning = await trial.quoted()
        came = await trial.record(learning, QUOTED_EVERY)
        for way, plan in (("frozen", frozen), ("learning", learning)):
            for measure in MEASURES:
                said = getattr(plan.quote, measure)
                pairs = [Held(said=said, came=run[measure]) for run in came]
                held.setdefault((way, measure), []).extend(pairs)
    return held


def _figure(way: str, measure: str, workloads: Sequence[Sequence[Held]]) -> Figure:
    inside = [
        sum(h.said.p10 <= h.came <= h.said.p90 for h in pairs) / len(pairs) for pairs in workloads
    ]
    errors = [abs(h.said.p50 - h.came) / h.came for pairs in workloads for h in pairs]
    return Figure(
        way=way,
        measure=measure,
        inside=statistics.mean(inside),
        lowest=min(inside),
        highest=max(inside),
        median_error=statistics.median(errors),
    )


def _steps() -> tuple[PlanStep, ...]:
    return (
        make_step("read", agent=AgentName.RESEARCH),
        make_step("figures", agent=AgentName.SHEETS, complexity=Complexity.LOW),
        make_step("report", "read", "figures", agent=AgentName.DOCS, complexity=Complexity.HIGH),
        make_step("deck", "read", agent=AgentName.SLIDES),
        make_step("review", agent=AgentName.REVIEW, after=("report", "deck")),
    )


def _show(figures: Sequence[Figure]) -> None:
    table = Table("quotes", "measure", "inside P10-P90", "of one workload", "median error", "right")
    for figure in figures:
        table.add_row(
            figure.way,
            figure.measure,
            f"{figure.inside:.1%}",
            f"{figure.lowest:.0%} to {figure.highest:.0%}",
            f"{figure.median_error:.1%}",
            "yes" if figure.right else "NO",
        )
    console = Console(width=110)
    console.print(f"{WORKLOADS} workloads, {TRAINING} runs, then {HELD_OUT} held out; seed {SEED}")
    console.print(table)
