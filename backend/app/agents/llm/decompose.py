"""Decompose a goal into steps: a DAG by construction, since a step may need only earlier ones."""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Literal

from pydantic import Field

from app.agents.errors import GoalUnclear
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.fence import system_prompt, user_prompt
from app.agents.llm.wire import Answer
from app.agents.ports import Goal, PlanDraft
from app.schemas.plan import AgentName, Complexity, PlanStep
from app.schemas.source import Extract, Language, PassageKind

MAX_STEPS = 12
MAX_HEADINGS = 12
MAX_LISTED_TABLES = 8
MIN_SLIDES, MAX_SLIDES, USUAL_SLIDES = 2, 40, 8
ENDINGS = {
    AgentName.DOCS: (".docx", ".md", ".html"),
    AgentName.SHEETS: (".xlsx",),
    AgentName.SLIDES: (".pptx",),
}
REVIEW_TITLES: dict[Language, str] = {
    "en": "Check and sum up the results",
    "ko": "결과를 점검하고 요약합니다",
}
NO_FILES: dict[Language, str] = {
    "en": "No file with text was given, so nothing is researched and nothing can be cited.",
    "ko": "글이 있는 파일이 없어 조사 단계를 두지 않으며, 출처를 달 수 없습니다.",
}
NO_TABLES: dict[Language, str] = {
    "en": "No table was found in the files, so no workbook is made.",
    "ko": "파일에 표가 없어 스프레드시트는 만들지 않습니다.",
}
UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class StepAnswer(Answer):
    """One step."""

    agent: Literal["research", "docs", "sheets", "slides"]
    title: str = Field(min_length=1, max_length=160)
    instructions: str = Field(max_length=2000)
    depends_on: tuple[int, ...] = Field(
        max_length=MAX_STEPS, description="Numbers of earlier steps, from 1."
    )
    complexity: Literal["low", "medium", "high"]
    file_name: str | None = Field(max_length=120)
    slide_count: int | None


class PlanAnswer(Answer):
    """A plan."""

    is_clear: bool
    unclear_reason: str = Field(max_length=400)
    title: str = Field(max_length=160)
    steps: tuple[StepAnswer, ...] = Field(max_length=MAX_STEPS - 1)
    assumptions: tuple[str, ...] = Field(max_length=5)


async def decompose(client: ModelClient, goal: Goal) -> PlanDraft:
    """Ask for a plan and make it a draft with a review at its end.

    Raises:
        GoalUnclear: The model says that the goal asks for nothing that can be made.
    """
    answer = await client.ask(
        Order(
            operation="decompose",
            system=system_prompt("decompose", goal.language),
            prompt=lambda share: _prompt(goal, share),
            answer=PlanAnswer,
            problems=_problems,
        )
    )
    if not answer.is_clear or not answer.steps:
        reason = answer.unclear_reason or "Say which document, workbook or deck you want."
        raise GoalUnclear(reason)
    kept, notices = possible(answer.steps, goal)
    steps = draft_steps(answer.steps, kept)
    if not steps:
        raise GoalUnclear(" ".join(notices))
    return PlanDraft(
        title=answer.title or goal.text[:120],
        language=goal.language,
        steps=(*steps, _review(steps, goal.language)),
        notices=(*notices, *answer.assumptions),
    )


def _prompt(goal: Goal, share: float) -> str:
    order = (
        ("Goal", goal.text),
        ("Language of the results", goal.language),
        ("Today", goal.today.isoformat()),
        ("Files given", str(len(goal.sources.extracts))),
    )
    return user_prompt(order, "\n".join(describe_files(goal, share)))


def describe_files(goal: Goal, share: float) -> list[str]:
    """Return lines on what each file holds: its headings and tables, fewer for a lower `share`."""
    lines = [line for extract in goal.sources.extracts for line in _file_lines(extract, share)]
    return lines or ["No files were given."]


def _file_lines(extract: Extract, share: float) -> Iterator[str]:
    passages = len(extract.passages)
    yield f"File {extract.file_name}: {extract.title}; {passages} passages"
    headings = [p.text for p in extract.passages if p.kind is PassageKind.HEADING]
    for heading in headings[: int(MAX_HEADINGS * share)]:
        yield f"  heading: {heading[:100]}"
    for table in extract.tables[: int(MAX_LISTED_TABLES * share)]:
        columns = ", ".join(column.name for column in table.columns[:12])
        yield f"  table: {table.title[:100]}; columns {columns}; {len(table.rows)} rows"


def _problems(answer: PlanAnswer) -> tuple[str, ...]:
    if answer.is_clear and not answer.steps:
        return ("The plan has no steps.",)
    return misplaced_needs(answer)


def misplaced_needs(answer: PlanAnswer, *, first: int = 1) -> tuple[str, ...]:
    """Return what is wrong with the steps' needs; the answer's steps are numbered from `first`."""
    return tuple(
        f"Step {number} depends on {need}, which is not an earlier step."
        for number, step in enumerate(answer.steps, start=first)
        for need in step.depends_on
        if not 1 <= need < number
    )


def possible(
    steps: Sequence[StepAnswer], goal: Goal, *, first: int = 1
) -> tuple[set[int], list[str]]:
    """Return the numbers of the steps that the files allow, and notices on the others."""
    impossible: dict[str, str] = {}
    if not goal.sources.passages:
        impossible[AgentName.RESEARCH] = NO_FILES[goal.language]
    if not goal.sources.tables:
        impossible[AgentName.SHEETS] = NO_TABLES[goal.language]
    numbered = list(enumerate(steps, start=first))
    kept = {number for number, step in numbered if step.agent not in impossible}
    left_out = dict.fromkeys(step.agent for number, step in numbered if number not in kept)
    return kept, [impossible[agent] for agent in left_out]


def draft_steps(
    answers: Sequence[StepAnswer], kept: set[int], *, before: Sequence[PlanStep] = ()
) -> tuple[PlanStep, ...]:
    """Return the kept answers as steps; `before` are done already and have the first numbers."""
    keys = {number: step.key for number, step in enumerate(before, start=1)}
    taken = set(keys.values())
    steps: list[PlanStep] = []
    for number, answer in enumerate(answers, start=len(before) + 1):
        if number not in kept:
            continue
        agent = AgentName(answer.agent)
        names = (agent.value if n == 1 else f"{agent.value}-{n}" for n in count(1))
        key = next(name for name in names if name not in taken)
        needs = [keys[n] for n in answer.depends_on if n in keys]
        needs = needs or _research_before(agent, (*before, *steps))
        steps.append(_step(answer, key, tuple(dict.fromkeys(needs)), taken=(*before, *steps)))
        keys[number] = key
        taken.add(key)
    return tuple(steps)


def _research_before(agent: AgentName, steps: Sequence[PlanStep]) -> list[str]:
    """Return all research so far for a step that writes: without findings it has nothing to say."""
    if agent not in {AgentName.DOCS, AgentName.SLIDES}:
        return []
    return [step.key for step in steps if step.agent is AgentName.RESEARCH]


def _step(
    answer: StepAnswer, key: str, needs: tuple[str, ...], taken: Sequence[PlanStep]
) -> PlanStep:
    agent = AgentName(answer.agent)
    slides = None
    if agent is AgentName.SLIDES:
        slides = min(MAX_SLIDES, max(MIN_SLIDES, answer.slide_count or USUAL_SLIDES))
    return PlanStep(
        key=key,
        agent=agent,
        title=answer.title,
        instructions=answer.instructions,
        depends_on=needs,
        complexity=Complexity(answer.complexity),
        file_name=_file_name(answer, key, {step.file_name for step in taken}),
        slide_count=slides,
    )


def _file_name(answer: StepAnswer, key: str, taken: set[str | None]) -> str | None:
    endings = ENDINGS.get(AgentName(answer.agent))
    if endings is None:
        return None
    name = UNSAFE_IN_NAMES.sub("-", answer.file_name or key).strip(" .-") or key
    if not name.lower().endswith(endings):
        name = f"{name}{endings[0]}"
    return name if name not in taken else f"{key}-{name}"


def _review(steps: Sequence[PlanStep], language: Language) -> PlanStep:
    return PlanStep(
        key="review",
        agent=AgentName.REVIEW,
        title=REVIEW_TITLES[language],
        after=tuple(step.key for step in steps),
        complexity=Complexity.LOW,
    )
