"""The built-in way around a step that failed: leave out what is optional, make a file in another
form, and let the rest work with what is there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from app.agents.dag import topological_order
from app.agents.plan_check import DEFAULT_NAMES, EXTENSIONS, output_name
from app.agents.ports import PlanDraft, Standing, StepReport
from app.agents.replan import renamed
from app.schemas.plan import AgentName, PlanStep
from app.schemas.source import Language

FEEDERS = frozenset({AgentName.RESEARCH, AgentName.SHEETS})
WRITERS = frozenset({AgentName.DOCS, AgentName.SLIDES})
LEFT_OUT: dict[Language, str] = {
    "en": "Left out, since it failed: {title}.",
    "ko": "실패해서 뺀 단계: {title}.",
}
MADE_INSTEAD: dict[Language, str] = {
    "en": "“{title}” failed; it is made as {file} instead.",
    "ko": "“{title}” 단계가 실패해 대신 {file} 파일로 만듭니다.",
}


def rerouted(standing: Standing) -> PlanDraft:
    """Propose the rest of a plan around what failed; nothing is proposed for what is done."""
    plan = standing.plan
    route = _routed(standing, leaves_out=True)
    sums_up = any(r.step.agent is AgentName.REVIEW and not r.is_done for r in standing.reports)
    if not route.steps and not sums_up:
        # With nothing else left to do, even what could be left out is worth another try.
        route = _routed(standing, leaves_out=False)
    return PlanDraft(
        title=plan.title,
        language=plan.language,
        steps=tuple(route.steps),
        notices=tuple(route.notices),
    )


def _routed(standing: Standing, *, leaves_out: bool) -> "_Route":
    route = _Route(standing, leaves_out)
    reports = {report.step.key: report for report in standing.unfinished}
    for key in topological_order(standing.plan.steps):
        if key in reports:
            route.take(reports[key])
    return route


@dataclass(slots=True)
class _Route:
    standing: Standing
    leaves_out: bool
    steps: list[PlanStep] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)

    def take(self, report: StepReport) -> None:
        """Keep a step, leave it out, or put another in its place."""
        step = report.step
        if self.leaves_out and report.is_failed and not step.required:
            self._leave_out(step)
        elif report.is_failed and not report.may_work_again:
            self._replace(step)
        elif self.leaves_out and self._is_pointless(step):
            self._leave_out(step)
        else:
            self.steps.append(self._fed(step))

    def _replace(self, step: PlanStep) -> None:
        is_feeder = step.agent not in DEFAULT_NAMES
        if self.leaves_out and is_feeder and self._has_other_feeder(step):
            self._leave_out(step)
            return
        other = renamed(_in_another_form(step), self._taken(), self._files())
        self.keys[step.key] = other.key
        self.steps.append(self._fed(other))
        if other.agent in DEFAULT_NAMES:
            self._note(MADE_INSTEAD, title=step.title, file=output_name(other))

    def _leave_out(self, step: PlanStep) -> None:
        self.gone.add(step.key)
        self._note(LEFT_OUT, title=step.title)

    def _is_pointless(self, step: PlanStep) -> bool:
        """Whether an optional step has lost all that it was to work on."""
        return not step.required and bool(step.depends_on) and set(step.depends_on) <= self.gone

    def _fed(self, step: PlanStep) -> PlanStep:
        """Return the step working with what is there."""
        needs = self._still(step.depends_on)
        if step.depends_on and not needs and step.agent in WRITERS:
            needs = tuple(s.key for s in self.standing.finished if s.agent in FEEDERS)
        after = tuple(key for key in self._still(step.after) if key not in needs)
        return step.model_copy(update={"depends_on": needs, "after": after})

    def _still(self, keys: Iterable[str]) -> tuple[str, ...]:
        moved = (self.keys.get(key, key) for key in keys if key not in self.gone)
        return tuple(dict.fromkeys(moved))

    def _has_other_feeder(self, step: PlanStep) -> bool:
        others = (*self.standing.finished, *(r.step for r in self.standing.unfinished))
        return any(o.key != step.key and o.key not in self.gone for o in others)

    def _taken(self) -> set[str]:
        return {*self.standing.taken_keys, *(step.key for step in self.steps)}

    def _files(self) -> set[str]:
        # The failed file's own name stays taken as well: its other form must be told from it.
        plans = (*self.standing.plan.steps, *self.steps)
        return {output_name(step) for step in plans if step.agent in DEFAULT_NAMES}

    def _note(self, words: dict[Language, str], **facts: str) -> None:
        self.notices.append(words[self.standing.plan.language].format(**facts))


def _in_another_form(step: PlanStep) -> PlanStep:
    """Return the same content in the next form: a document for a deck or a workbook, a plainer file
    for a document; research stays what it is."""
    if step.agent not in DEFAULT_NAMES:
        return step.model_copy(update={"deadline_s": None})
    name = PurePath(output_name(step))
    endings = EXTENSIONS[AgentName.DOCS]
    place = endings.index(name.suffix.lower()) + 1 if step.agent is AgentName.DOCS else 0
    return step.model_copy(
        update={
            "agent": AgentName.DOCS,
            "file_name": f"{name.stem}{endings[min(place, len(endings) - 1)]}",
            "slide_count": None,
            "deadline_s": None,
        }
    )
