"""A plan run without a database: the real rules of shape, status, waiting and end; modelled money.

Each turn makes one thing happen that may happen then, as chance will have it: a step is taken, a
call is opened or ends, a worker dies, its step is taken over, a settlement comes late, the task is
paused, resumed with other caps, or cancelled.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from app.agents.dag import parents, topological_order
from app.agents.orchestrator import TaskOutcome, join_results
from app.agents.results import AgentResult
from app.agents.transitions import (
    ENDED_STEPS,
    ENDED_TASKS,
    TaskStatus,
    never_started,
    require_step,
    require_task,
)
from app.agents.types import AgentTask, StepStatus
from app.engine.ledger import may_come_free
from tests.factories.money_model import MoneyModel, Purse
from tests.factories.random_dags import DagDice, Fate, RandomDag

SLOTS = 4
MAX_ATTEMPTS, MAX_DEATHS = 3, 5
# After so many refusals the user gives up and cancels.
MOST_RAISES = 12
MOST_TURNS = 20_000


class SimulatedRun:
    """One run of one DAG."""

    def __init__(self, dag: RandomDag, dice: DagDice) -> None:
        self._dag, self._dice = dag, dice
        self.status = TaskStatus.RUNNING
        self.outcome: TaskOutcome | None = None
        self.seen: Counter[str] = Counter()
        self._steps = {step.key: step for step in dag.plan.steps}
        self._order = topological_order(dag.plan.steps)
        self.statuses = dict.fromkeys(self._order, StepStatus.WAITING)
        self._next_call = dict.fromkeys(self._order, 0)
        self._failures: Counter[str] = Counter()
        self._deaths: Counter[str] = Counter()
        self._in_flight: dict[str, str] = {}
        self._orphans: list[str] = []
        self._dead: set[str] = set()
        self._attempts: Counter[str] = Counter()
        self.money = MoneyModel(
            steps={step.key: _purse("step", step.cap_usd) for step in dag.plan.steps},
            task=Purse(scope="task", cap=dag.task_cap),
            day=Purse(scope="user_day", cap=dag.day_cap),
        )

    def run(self) -> None:
        """Run to the end, checking the money after every turn."""
        self._pump()
        for _ in range(MOST_TURNS):
            if self.status in ENDED_TASKS:
                break
            self._dice.random.choice(self._moves())()
            self.money.check()
            self._close_if_over()
        while self._orphans:
            self._settle_late()
            self.money.check()

    def _moves(self) -> list[Callable[[], None]]:
        if self._dice.chance(0.01):
            return [self._pause if self.status is TaskStatus.RUNNING else self._resume]
        if self._dice.chance(0.0005):
            return [self._cancel]
        running = self._with(StepStatus.RUNNING)
        moves: list[Callable[[], None]] = [partial(self._go_on, key) for key in running]
        if self._orphans:
            moves.append(self._settle_late)
        if self.status is TaskStatus.PAUSED:
            return [*moves, self._resume]
        if len(running) < SLOTS:
            moves += [partial(self._take, key) for key in self._with(StepStatus.QUEUED)]
        return moves

    def _with(self, status: StepStatus) -> list[str]:
        return [key for key in self._order if self.statuses[key] is status]

    def _set(self, key: str, status: StepStatus) -> None:
        require_step(self.statuses[key], status)
        self.statuses[key] = status

    def _pump(self) -> None:
        if self.status is not TaskStatus.RUNNING:
            return
        for key in self._with(StepStatus.WAITING):
            before = [self.statuses[parent] for parent in parents(self._steps[key])]
            if all(status in ENDED_STEPS for status in before):
                self._set(key, StepStatus.QUEUED)

    def _take(self, key: str) -> None:
        self._set(key, StepStatus.RUNNING)
        self._attempts[key] += 1
        self._next_call[key] = 0
        if self._attempts[key] > 1:
            self.money.count_open(key)

    def _go_on(self, key: str) -> None:
        if key in self._dead:
            self._take_over(key)
        elif self._dice.chance(0.02):
            self.seen["worker died"] += 1
            self._dead.add(key)
        elif key in self._in_flight:
            self._end_call(key, self._in_flight.pop(key))
        elif self._next_call[key] < len(self._dag.reserves[key]):
            self._open_call(key)
        else:
            self._set(key, StepStatus.DONE)
            self._pump()

    def _open_call(self, key: str) -> None:
        seq = self._next_call[key]
        amount = self._dag.reserves[key][seq]
        call_id = f"{key}:{seq}:{len(self.money.sent)}"
        opened = self.money.open(call_id, key, seq, amount)
        if opened.outcome == "recorded":
            self.seen["replayed"] += 1
            self._next_call[key] += 1
        elif opened.outcome == "opened":
            self._in_flight[key] = call_id
        elif may_come_free(opened, amount) and not self._dice.chance(0.02):
            self.seen["waited for others"] += 1
        else:
            self.seen[f"stopped at the cap of {opened.scope}"] += 1
            self._set(key, StepStatus.WAITING)
            if self.status is TaskStatus.RUNNING:
                self._become(TaskStatus.PAUSED)

    def _end_call(self, key: str, call_id: str) -> None:
        fate = self._dice.fate()
        self.seen[fate] += 1
        if fate in {Fate.ANSWERED, Fate.TASK_FAILS}:
            self.money.settle(call_id, "done", self._dice.cost(self.money.sent[call_id].held))
            self._next_call[key] += 1
            if fate is Fate.TASK_FAILS:
                self._fail(key)
            return
        if fate is Fate.REJECTED:
            self.money.settle(call_id, "rejected", Decimal(0))
        else:
            self.money.settle(call_id, "unknown")
        self._failures[key] += 1
        if self._failures[key] >= MAX_ATTEMPTS:
            self._fail(key)
        else:
            self._set(key, StepStatus.WAITING)
            self._pump()

    def _take_over(self, key: str) -> None:
        self._dead.remove(key)
        self._leave_call(key)
        self.money.count_open(key)
        self._deaths[key] += 1
        if self._deaths[key] >= MAX_DEATHS:
            self._fail(key)
        else:
            self._set(key, StepStatus.WAITING)
            self._pump()

    def _leave_call(self, key: str) -> None:
        call_id = self._in_flight.pop(key, None)
        if call_id is not None:
            self._orphans.append(call_id)

    def _settle_late(self) -> None:
        call_id = self._orphans.pop()
        if self._dice.chance(0.5):
            self.seen["settled late"] += 1
            self.money.settle(call_id, "done", self._dice.cost(self.money.sent[call_id].held))
        else:
            self.money.settle(call_id, "unknown")

    def _fail(self, key: str) -> None:
        self._set(key, StepStatus.FAILED)
        self._end_dependants(key)
        self._pump()

    def _end_dependants(self, failed: str) -> None:
        for key in self._with(StepStatus.WAITING):
            step = self._steps[key]
            if failed in step.depends_on and self.statuses[key] is StepStatus.WAITING:
                self._set(key, never_started(step))
                self._end_dependants(key)

    def _become(self, status: TaskStatus) -> None:
        require_task(self.status, status)
        self.status = status

    def _stop(self, status: TaskStatus) -> None:
        self._become(status)
        for key in self._order:
            if self.statuses[key] in ENDED_STEPS:
                continue
            self._dead.discard(key)
            self._leave_call(key)
            if status is TaskStatus.CANCELLED:
                self._set(key, StepStatus.CANCELLED)
            elif self.statuses[key] is not StepStatus.WAITING:
                self._set(key, StepStatus.WAITING)

    def _pause(self) -> None:
        self.seen["paused"] += 1
        self._stop(TaskStatus.PAUSED)

    def _cancel(self) -> None:
        self.seen["cancelled"] += 1
        self._stop(TaskStatus.CANCELLED)
        self.money.count_open()
        self.outcome = join_results(self._dag.plan, self._tasks())

    def _resume(self) -> None:
        self.seen["resumed"] += 1
        if self.seen["resumed"] > MOST_RAISES:
            self._cancel()
            return
        for purse in self.money.purses:
            if purse.cap is not None and self._dice.chance(0.5):
                more = purse.cap * self._dice.random.randint(-50, 100) / 100 + Decimal("0.05")
                purse.cap = max(purse.used, purse.cap + more)
        self._become(TaskStatus.RUNNING)
        self._pump()

    def _close_if_over(self) -> None:
        is_over = all(status in ENDED_STEPS for status in self.statuses.values())
        if self.status is TaskStatus.RUNNING and is_over:
            self.money.count_open()
            self.outcome = join_results(self._dag.plan, self._tasks())
            self._become(self.outcome.status)

    def _tasks(self) -> list[AgentTask]:
        done = AgentResult(summary="done")
        return [
            AgentTask(
                key=key,
                step=self._steps[key],
                status=status,
                result=done if status is StepStatus.DONE else None,
            )
            for key, status in self.statuses.items()
        ]


def _purse(scope: str, cap: float | None) -> Purse:
    return Purse(scope=scope, cap=None if cap is None else Decimal(str(cap)))
