"""Edit a plan: pure, all edits or none, and a refusal that names the step and its field."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from app.agents.dag import PlanInvalid, parents
from app.agents.plan_check import EXTENSIONS, check_steps
from app.agents.reshape import without
from app.agents.task_planner import content_hash, task_type_of
from app.schemas.plan import MAX_PLAN_STEPS, AgentName, ExecutionPlan, PlanStep
from app.schemas.plan_edit import AddStep, ChangeStep, MoveStep, PlanEdit, RemoveStep

Steps = tuple[PlanStep, ...]
SHOWN_VALUE = 40
# Whose results a document, a workbook or a deck is made from.
FEEDERS = frozenset({AgentName.RESEARCH, AgentName.SHEETS})
WRITERS = frozenset({AgentName.DOCS, AgentName.SLIDES})


def edited(plan: ExecutionPlan, edits: Sequence[PlanEdit]) -> ExecutionPlan:
    """Return the plan after all edits: checked, but with the quote and the estimates of before.

    Raises:
        PlanInvalid: An edit cannot be done, or what comes out is no plan.
    """
    _check_finished(plan, edits)
    steps = plan.steps
    for edit in edits:
        steps = _done(edit, steps)
    _check_count(steps)
    _check_removed(steps, {edit.key for edit in edits if isinstance(edit, RemoveStep)})
    check_steps(steps)
    changed = plan.model_copy(update={"steps": steps, "task_type": task_type_of(steps)})
    _check_inputs(plan, changed)
    if content_hash(changed) == content_hash(plan):
        raise PlanInvalid(
            "The edits change nothing; send at least one that does.", reason="no_change"
        )
    return changed


def _done(edit: PlanEdit, steps: Steps) -> Steps:
    match edit:
        case AddStep():
            return _added(edit, steps)
        case RemoveStep():
            return without(steps, steps[_index_of(edit.key, steps)].key)
        case MoveStep():
            return _moved(edit, steps)
        case ChangeStep():
            return _changed(edit, steps)


def _added(edit: AddStep, steps: Steps) -> Steps:
    key = edit.step.key
    if any(step.key == key for step in steps):
        raise PlanInvalid(
            f"Step {key!r}: there is a step of this key already; choose another.",
            step=key,
            field="key",
            reason="duplicate_key",
        )
    given = edit.step.model_dump(exclude_unset=True, exclude={"key"})
    if given.get("agent") == AgentName.REVIEW and not _waits(given):
        given["after"] = tuple(step.key for step in steps)
    new = _checked(key, given)
    place = _place_of(edit, steps)
    before = _all_before(new, steps)
    waiting = [step if step.key in before else _waiting_for(step, new) for step in steps]
    return (*waiting[:place], new, *waiting[place:])


def _moved(edit: MoveStep, steps: Steps) -> Steps:
    moved = steps[_index_of(edit.key, steps)]
    rest = [step for step in steps if step is not moved]
    place = _checked_place(edit.key, edit.position, len(steps))
    return (*rest[:place], moved, *rest[place:])


def _changed(edit: ChangeStep, steps: Steps) -> Steps:
    index = _index_of(edit.key, steps)
    old = steps[index]
    given = edit.model_dump(exclude_unset=True, exclude={"op", "key"})
    fields = old.model_dump(exclude={"key", "estimate"}) | _file_of(old, given) | given
    if "model" in given:
        # A model that somebody names is no policy's choice; without one the policy chooses again.
        fields |= {"fallbacks": None, "model_reason": None}
    return (*steps[:index], _checked(old.key, fields), *steps[index + 1 :])


def _file_of(old: PlanStep, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what another agent makes of the step's file and slides, unless the edit says so."""
    agent = given.get("agent", old.agent)
    if agent == old.agent:
        return {}
    endings = EXTENSIONS.get(agent, ())
    name = old.file_name
    kept = f"{PurePath(name).stem}{endings[0]}" if name is not None and endings else None
    slides = old.slide_count if agent == AgentName.SLIDES else None
    return {"file_name": kept, "slide_count": slides}


def _waits(given: Mapping[str, Any]) -> bool:
    return bool(given.get("depends_on") or given.get("after"))


def _waiting_for(step: PlanStep, new: PlanStep) -> PlanStep:
    # The review sums up what was made, so it must not be done before.
    if step.agent is not AgentName.REVIEW or new.agent is AgentName.REVIEW:
        return step
    return step.model_copy(update={"after": (*step.after, new.key)})


def _all_before(step: PlanStep, steps: Steps) -> set[str]:
    by_key = {other.key: other for other in steps}
    found: set[str] = set()
    waiting = list(parents(step))
    while waiting:
        key = waiting.pop()
        if key not in found and key in by_key:
            found.add(key)
            waiting += parents(by_key[key])
    return found


def _place_of(edit: AddStep, steps: Steps) -> int:
    if edit.position is not None:
        return _checked_place(edit.step.key, edit.position, len(steps) + 1)
    reviews = [n for n, step in enumerate(steps) if step.agent is AgentName.REVIEW]
    is_last = edit.step.agent == AgentName.REVIEW or not reviews
    return len(steps) if is_last else reviews[0]


def _checked_place(key: str, position: int, last: int) -> int:
    if not 1 <= position <= last:
        raise PlanInvalid(
            f"Step {key!r}: there is no position {position}; the plan has 1 to {last}.",
            step=key,
            field="position",
            reason="bad_position",
        )
    return position - 1


def _index_of(key: str, steps: Steps) -> int:
    for index, step in enumerate(steps):
        if step.key == key:
            return index
    raise PlanInvalid(
        f"There is no step {key!r}; the plan has {', '.join(step.key for step in steps)}.",
        step=key,
        field="key",
        reason="unknown_step",
    )


def _checked(key: str, given: Mapping[str, Any]) -> PlanStep:
    """Return the step of these fields; null means the field's default."""
    fields = {name: value for name, value in given.items() if value is not None}
    try:
        return PlanStep.model_validate({"key": key, **fields})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        field = str(wrong["loc"][0]) if wrong["loc"] else "key"
        raise _refusal(key, field, fields.get(field), wrong["msg"]) from None


def _refusal(key: str, field: str, value: object, why: str) -> PlanInvalid:
    if field == "agent" and value is not None:
        return PlanInvalid(
            f"Step {key!r}: there is no agent {str(value)[:SHOWN_VALUE]!r}; use one of "
            f"{', '.join(AgentName)}.",
            step=key,
            field=field,
            reason="unknown_agent",
        )
    return PlanInvalid(
        f"Step {key!r}: its {field} cannot be used ({why}).",
        step=key,
        field=field,
        reason="bad_value",
    )


def _check_finished(plan: ExecutionPlan, edits: Sequence[PlanEdit]) -> None:
    for edit in edits:
        if isinstance(edit, RemoveStep | ChangeStep) and edit.key in plan.finished:
            raise PlanInvalid(
                f"Step {edit.key!r} is finished and stays as it is; add another step, or change "
                "one that is still to be run.",
                step=edit.key,
                field="key",
                reason="finished_step",
            )


def _check_count(steps: Steps) -> None:
    if not any(step.agent is not AgentName.REVIEW for step in steps):
        raise PlanInvalid(
            "A plan needs at least one step besides the review; keep one, or reject the plan.",
            field="steps",
            reason="empty_plan",
        )
    if len(steps) > MAX_PLAN_STEPS:
        raise PlanInvalid(
            f"The plan would have {len(steps)} steps; at most {MAX_PLAN_STEPS} are possible.",
            field="steps",
            reason="too_many_steps",
        )


def _check_removed(steps: Steps, removed: set[str]) -> None:
    kept = {step.key for step in steps}
    for step in steps:
        for key in step.depends_on:
            if key in removed and key not in kept:
                raise PlanInvalid(
                    f"Step {key!r} cannot be removed: step {step.key!r} needs its result; "
                    f"change the depends_on of {step.key!r} or remove it as well.",
                    step=key,
                    field="depends_on",
                    reason="needed_by_others",
                    needed_by=step.key,
                )


def _check_inputs(old: ExecutionPlan, new: ExecutionPlan) -> None:
    """Refuse a step that the edits leave without anything to work from."""
    before = {step.key for step in old.steps if _lacks_input(step, old)}
    for step in new.steps:
        if step.key not in before and _lacks_input(step, new):
            raise PlanInvalid(
                f"Step {step.key!r} would have nothing to work from: let it depend on a step of "
                "the agents research or sheets, or give the task files.",
                step=step.key,
                field="depends_on",
                reason="missing_inputs",
            )


def _lacks_input(step: PlanStep, plan: ExecutionPlan) -> bool:
    has_files = bool(plan.file_ids)
    is_fed = any(s.key in step.depends_on and s.agent in FEEDERS for s in plan.steps)
    if step.agent is AgentName.RESEARCH:
        return not has_files
    if step.agent is AgentName.SHEETS:
        return not has_files and not is_fed
    # Without files a model writes from the goal alone, as planned; with them it must read first.
    return step.agent in WRITERS and has_files and not is_fed
