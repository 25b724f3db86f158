"""From a goal to a priced plan, and from a running plan to its progress."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import orjson

from app.agents.constraints import Constraints, Violation, find_violations
from app.agents.dag import PlanInvalid, critical_path_s
from app.agents.estimates import covering, estimate_step, quote_plan
from app.agents.history import NO_HISTORY, History
from app.agents.ledger_port import Price
from app.agents.plan_check import check_steps
from app.agents.ports import Composer, Goal, Standing
from app.agents.replan import joined_steps
from app.agents.reshape import reshaped
from app.agents.routing import Router, routed, variants
from app.agents.transitions import ENDED_STEPS
from app.agents.types import StepStatus
from app.core.errors import Invalid
from app.schemas.base import Frozen
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep, Quote, QuotedPrice, TaskType

MAX_GOAL_CHARACTERS = 20_000
MIN_GOAL_CHARACTERS = 3
MAX_TITLE_CHARACTERS = 300
MAX_NOTICES = 50
MAX_NOTICE_CHARACTERS = 1_000
# Plans were hashed before steps had these; without a value they do not change what is done.
LATER_FIELDS = ("model", "cap_usd", "deadline_s", "fallbacks")
# What a plan says of itself without deciding what is done.
UNHASHED = {"quote", "content_hash", "notices", "price", "source_characters"}
TASK_TYPES = {
    AgentName.DOCS: TaskType.DOCS,
    AgentName.SHEETS: TaskType.SHEETS,
    AgentName.SLIDES: TaskType.SLIDES,
}

__all__ = ["ExecutionPlan", "GoalInvalid", "PlanStep", "Progress", "TaskPlanner", "requote"]


class GoalInvalid(Invalid):
    """The goal is empty or too long."""

    code = "goal_invalid"


class Progress(Frozen):
    """How far a plan is. `remaining_s` is the critical path of what is left, at the median."""

    done_steps: int
    total_steps: int
    fraction: float
    remaining_s: float


class TaskPlanner:
    """Plan a goal with a composer, price the plan, and check it against limits."""

    def __init__(
        self,
        composer: Composer,
        *,
        price: Price | None,
        price_of: Callable[[str], Price | None] | None = None,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> None:
        """Take the composer and its price, and what its steps took before.

        `price_of` prices plans and steps of other models; nothing is known of what those took.
        With a `router`, its policy chooses the model of each step of a new plan.
        """
        self._router = router
        self._composer = composer
        self._price = price
        self._price_of = price_of
        self._history = history

    @property
    def model(self) -> str:
        """The model that the planner asks."""
        return self._composer.model

    async def plan(self, goal: Goal) -> ExecutionPlan:
        """Decompose the goal into a DAG of steps with estimates and a content hash.

        Raises:
            GoalInvalid: The goal is empty or too long.
            GoalUnclear: It asks for nothing that can be made.
            NothingToWorkFrom: It needs files that are not there.
            PlanInvalid: The composer's steps form no DAG.
        """
        check_goal(goal.text)
        draft = await self._composer.decompose(goal)
        plan = ExecutionPlan(
            goal=goal.text,
            title=draft.title,
            language=draft.language,
            task_type=task_type_of(draft.steps),
            model=self._composer.model,
            file_ids=tuple(extract.file_id for extract in goal.sources.extracts),
            steps=with_review(draft.steps, draft.language),
            notices=draft.notices,
            quote=quote_plan(()),
        )
        return self._priced(plan, goal.source_characters)

    async def replan(self, goal: Goal, standing: Standing) -> ExecutionPlan:
        """Plan the rest of a begun task anew, from what is done and what went wrong.

        Every finished step stays as it is; only the rest is estimated, quoted and run.

        Raises:
            GoalInvalid, GoalUnclear, NothingToWorkFrom: The goal cannot be planned.
            NothingToReplan: All that the goal asks for is done.
            PlanInvalid: The composer's steps form no DAG.
        """
        check_goal(goal.text)
        draft = await self._composer.replan(goal, standing)
        old = standing.plan
        steps = joined_steps(standing, draft)
        plan = old.model_copy(
            update={
                "goal": goal.text,
                "title": draft.title,
                "language": draft.language,
                "task_type": task_type_of(steps),
                "steps": steps,
                "notices": draft.notices,
                "finished": tuple(step.key for step in standing.finished),
            }
        )
        return self._priced(plan, goal.source_characters)

    def _priced(self, plan: ExecutionPlan, source_characters: int) -> ExecutionPlan:
        if self._router is not None:
            notices = (*plan.notices, *self._router.notices(plan.language))
            plan = plan.model_copy(update={"notices": notices})
            plan = routed(plan, self._router, source_characters)
        return self.price(plan, source_characters=source_characters)

    def price(self, plan: ExecutionPlan, *, source_characters: int | None = None) -> ExecutionPlan:
        """Return the plan with fresh estimates, quote and hash; the steps stay as they are."""
        return requote(
            plan,
            price=self._price_for(plan.model),
            price_of=self._price_for,
            history=self._history if plan.model == self._composer.model else NO_HISTORY,
            source_characters=source_characters,
        )

    def validate_constraints(
        self, plan: ExecutionPlan, constraints: Constraints
    ) -> list[Violation]:
        """Return every limit that the plan breaks; an empty list means that it may run."""
        return find_violations(plan, constraints)

    def reshape(
        self, plan: ExecutionPlan, constraints: Constraints, *, source_characters: int
    ) -> ExecutionPlan:
        """Return the plan within its limits, its notices saying how it was changed for them.

        A plan that cannot be made to fit comes back as it is: `validate_constraints` says why.
        """
        fitting = reshaped(
            plan,
            constraints,
            lambda changed: self.price(changed, source_characters=source_characters),
            variants=lambda other: variants(other, constraints, self._router, source_characters),
        )
        return plan if fitting is None else fitting

    def _price_for(self, model: str) -> Price | None:
        if self._price_of is None or model == self._composer.model:
            return self._price
        return self._price_of(model)

    def get_progress(self, plan: ExecutionPlan, statuses: Mapping[str, StepStatus]) -> Progress:
        """Return how far the plan is, given the status of each step by key."""
        return progress_of(plan, statuses)


def requote(
    plan: ExecutionPlan,
    *,
    price: Price | None,
    price_of: Callable[[str], Price | None] | None = None,
    history: History = NO_HISTORY,
    source_characters: int | None = None,
) -> ExecutionPlan:
    """Return a given plan with fresh estimates, quote and hash; no model is asked.

    Args:
        plan: Any plan: a known one, or an edited one. Its steps stay as they are.
        price: What its model costs now; None for the built-in composer.
        price_of: Prices the steps that name another model; without it `price` holds for them too.
            A step's fallbacks are inside its 90th percentile of cost, time and tokens.
        history: What like steps took; without it the priors hold.
        source_characters: Length of the text it works from; None keeps what the plan says.

    Raises:
        PlanInvalid: The steps form no DAG.
    """
    check_steps(plan.steps)
    size = (plan.source_characters or 0) if source_characters is None else source_characters

    def with_model(step: PlanStep, model: str) -> Quote:
        is_other = model != plan.model
        return estimate_step(
            step,
            price=price_of(model) if price_of and is_other else price,
            source_characters=size,
            history=NO_HISTORY if is_other else history,
        )

    def estimated(step: PlanStep) -> PlanStep:
        if step.key in plan.finished:
            return step.model_copy(update={"estimate": None})
        own = with_model(step, step.model or plan.model)
        others = [with_model(step, model) for model in step.fallbacks]
        return step.model_copy(update={"estimate": covering(own, others)})

    steps = tuple(estimated(step) for step in plan.steps)
    fresh = {
        "steps": steps,
        "quote": quote_plan(steps, history.correlation),
        "price": _quoted(price),
        "source_characters": size,
    }
    priced = plan.model_copy(update=fresh)
    return priced.model_copy(update={"content_hash": content_hash(priced)})


def progress_of(plan: ExecutionPlan, statuses: Mapping[str, StepStatus]) -> Progress:
    """Return how far the plan is, given the status of each step by key."""
    ended = {key for key, status in statuses.items() if status in ENDED_STEPS}
    left_s = {
        step.key: 0.0 if step.key in ended else _median_s(step.estimate) for step in plan.steps
    }
    total = len(plan.steps)
    done = sum(1 for step in plan.steps if step.key in ended)
    return Progress(
        done_steps=done,
        total_steps=total,
        fraction=done / total,
        remaining_s=critical_path_s(plan.steps, left_s),
    )


def check_goal(text: str) -> None:
    """Raise `GoalInvalid` when the goal is empty or too long to be one."""
    length = len(text.strip())
    if length < MIN_GOAL_CHARACTERS:
        raise GoalInvalid("The goal is empty; say in a sentence what you want to have made.")
    if length > MAX_GOAL_CHARACTERS:
        raise GoalInvalid(
            f"The goal has {length:,} characters; at most {MAX_GOAL_CHARACTERS:,} are read. "
            "Put long material into a file and give the file."
        )


def check_words(plan: ExecutionPlan) -> None:
    """Raise `PlanInvalid` when a plan from outside has words that no list could show."""
    if len(plan.title) > MAX_TITLE_CHARACTERS or not plan.title.strip():
        raise PlanInvalid(
            f"The plan's title must have 1 to {MAX_TITLE_CHARACTERS} characters.", field="title"
        )
    if len(plan.notices) > MAX_NOTICES or any(len(n) > MAX_NOTICE_CHARACTERS for n in plan.notices):
        raise PlanInvalid(
            f"A plan may carry {MAX_NOTICES} notices of {MAX_NOTICE_CHARACTERS} characters each.",
            field="notices",
        )


def content_hash(plan: ExecutionPlan) -> str:
    """Return the hash that names this plan: all that decides what is done, not its estimates."""
    body = plan.model_dump(mode="json", exclude=UNHASHED)
    if not body["finished"]:
        # Plans were hashed before tasks were planned anew.
        body.pop("finished")
    if plan.policy is None:
        body.pop("policy")
    for step in body["steps"]:
        step.pop("estimate")
        step.pop("model_reason")
        for name in LATER_FIELDS:
            if not step[name] and step[name] != 0:
                step.pop(name)
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def task_type_of(steps: Sequence[PlanStep]) -> TaskType:
    """Return the kind of task that these steps make."""
    kinds = {TASK_TYPES[step.agent] for step in steps if step.agent in TASK_TYPES}
    if not kinds:
        return TaskType.RESEARCH
    return kinds.pop() if len(kinds) == 1 else TaskType.COMPLEX


def with_review(steps: tuple[PlanStep, ...], language: str) -> tuple[PlanStep, ...]:
    """Return the steps with a review at the end, after all others, if there is none yet."""
    if any(step.agent is AgentName.REVIEW for step in steps):
        return steps
    title = "결과를 점검하고 요약합니다" if language == "ko" else "Check and sum up the results"
    review = PlanStep(
        key="review",
        agent=AgentName.REVIEW,
        title=title,
        after=tuple(step.key for step in steps),
    )
    return (*steps, review)


def _quoted(price: Price | None) -> QuotedPrice | None:
    return None if price is None else QuotedPrice.model_validate(price.model_dump())


def _median_s(estimate: Quote | None) -> float:
    return estimate.time_s.p50 if estimate is not None else 0.0
