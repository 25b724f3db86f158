"""Join what is done of a task with what is still to be done: the steps of its next plan. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import PurePath

from app.agents.errors import NothingToReplan
from app.agents.plan_check import DEFAULT_NAMES, output_name
from app.agents.ports import PlanDraft, Standing
from app.schemas.plan import AgentName, PlanStep

LONGEST_KEY = 40
COUNTED = re.compile(r"-\d{1,2}$")
# What makes two steps the same work; keys, file names and limits do not.
WORK = ("agent", "title", "instructions", "complexity", "slide_count")


def joined_steps(standing: Standing, draft: PlanDraft) -> tuple[PlanStep, ...]:
    """Return the finished steps, the draft's, and the old plan's reviews, which sum up all anew.

    Raises:
        NothingToReplan: The draft holds nothing to do.
    """
    work = tuple(step for step in draft.steps if step.agent is not AgentName.REVIEW)
    reviews = [r for r in standing.reports if r.step.agent is AgentName.REVIEW]
    if not work and all(report.is_done for report in reviews):
        raise NothingToReplan(
            "All that the goal asks for is done, so there is nothing to plan anew; give another "
            "goal, or order a new task."
        )
    kept = {step.key for step in standing.finished}
    # What a finished step only waited for may be gone; what it needed is finished as well.
    finished = tuple(
        step.model_copy(update={"after": tuple(key for key in step.after if key in kept)})
        for step in standing.finished
    )
    steps = (*finished, *work)
    keys = tuple(step.key for step in steps)
    return (*steps, *(_summing_up(report.step, keys) for report in reviews))


def reused(steps: Sequence[PlanStep], standing: Standing) -> tuple[PlanStep, ...]:
    """Return a fresh plan's steps without those that are done already, under keys that are free.

    A step is done already when a finished one is the same work on the same results.
    """
    keys: dict[str, str] = {}
    left: list[PlanStep] = []
    finished = list(standing.finished)
    taken = set(standing.taken_keys)
    files = _files_of(finished)
    for step in steps:
        if step.agent is AgentName.REVIEW:
            continue
        moved = moved_to(step, keys)
        done = next((other for other in finished if _is_same_work(moved, other)), None)
        if done is not None:
            finished.remove(done)
            keys[step.key] = done.key
            continue
        fresh = renamed(moved, taken, files)
        keys[step.key] = fresh.key
        left.append(fresh)
    return tuple(left)


def renamed(step: PlanStep, taken: set[str], files: set[str]) -> PlanStep:
    """Return the step under a key and a file name that are free, and take them."""
    key = next(name for name in _names(step.key) if name not in taken)
    taken.add(key)
    if step.agent not in DEFAULT_NAMES:
        return step.model_copy(update={"key": key})
    own = PurePath(output_name(step))
    free = (f"{stem}{own.suffix}" for stem in _stems(own.stem))
    name = next(name for name in free if name not in files)
    files.add(name)
    is_default = step.file_name is None and name == output_name(step)
    return step.model_copy(update={"key": key, "file_name": None if is_default else name})


def moved_to(step: PlanStep, keys: dict[str, str]) -> PlanStep:
    """Return the step waiting for what now has other keys."""
    return step.model_copy(
        update={
            "depends_on": tuple(dict.fromkeys(keys.get(key, key) for key in step.depends_on)),
            "after": tuple(dict.fromkeys(keys.get(key, key) for key in step.after)),
        }
    )


def _is_same_work(step: PlanStep, other: PlanStep) -> bool:
    is_same = all(getattr(step, field) == getattr(other, field) for field in WORK)
    return is_same and set(step.depends_on) == set(other.depends_on)


def _summing_up(review: PlanStep, keys: tuple[str, ...]) -> PlanStep:
    needs = tuple(key for key in review.depends_on if key in keys)
    after = tuple(key for key in keys if key not in needs)
    return review.model_copy(update={"depends_on": needs, "after": after})


def _files_of(steps: Iterable[PlanStep]) -> set[str]:
    return {output_name(step) for step in steps if step.agent in DEFAULT_NAMES}


def _names(key: str) -> Iterator[str]:
    yield key
    base = COUNTED.sub("", key)
    for number in count(2):
        ending = f"-{number}"
        yield f"{base[: LONGEST_KEY - len(ending)]}{ending}"


def _stems(stem: str) -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"
