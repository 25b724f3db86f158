"""Every goal ends as it should, and nothing that it makes is invented.

A number in a sentence is right when it stands in the files, or when a value worked out of their
tables rounds to it as it is written (see `table_figures`, which does its own arithmetic).
"""

import re
from collections import Counter

import pytest

from app.artifacts.embedded_sources import read_embedded_sources
from app.schemas.source import ColumnKind
from app.sources import normalise_text, split_sentences, unsupported_numbers
from tests.e2e.goals.case_table import CASES
from tests.e2e.goals.goal_case import GoalCase
from tests.e2e.goals.goal_run import GoalRunner, Outcome
from tests.e2e.goals.spoken import all_text, document_texts, result_texts
from tests.e2e.goals.table_figures import TableFigures

pytestmark = pytest.mark.asyncio(loop_scope="package")
_HANGUL = re.compile(r"[가-힣]")
_LEAST_SENTENCE = 20
_MADE = [case for case in CASES if case.makes]
every_goal = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_made = pytest.mark.parametrize("case", _MADE, ids=lambda case: case.name)


def evidence_of(outcome: Outcome) -> list[str]:
    """Return all that the files say: passages, headings, names, and cells as they are written."""
    texts = [f"{p.file_name} {p.section} {p.locator} {p.text}" for p in outcome.library.passages]
    for table in outcome.library.tables:
        dates = [i for i, c in enumerate(table.columns) if c.kind is ColumnKind.DATE]
        cells = {str(row[i]) for row in table.rows for i in dates}
        texts.append(" ".join([table.title, *(c.name for c in table.columns), *sorted(cells)]))
    return texts


class TestEnd:
    @every_goal
    async def test_is_the_files_asked_for_or_the_refusal(
        self, goals: GoalRunner, case: GoalCase
    ) -> None:
        outcome = await goals.outcome(case)
        assert outcome.refusal == case.refused
        assert outcome.extensions == sorted(case.makes)
        if outcome.task is not None:
            assert outcome.task.status == "done", outcome.task.error
            assert all(check.passed for made in outcome.task.artifacts for check in made.checks)

    @pytest.mark.parametrize("case", [c for c in CASES if c.slides], ids=lambda case: case.name)
    async def test_has_the_slides_asked_for_or_says_that_there_is_less(
        self, goals: GoalRunner, case: GoalCase
    ) -> None:
        outcome = await goals.outcome(case)
        [count] = outcome.slide_counts
        assert case.slides is not None
        assert count == case.slides or (case.is_short and count < case.slides)
        asked = re.compile(rf"\b{case.slides} slides were asked|슬라이드 {case.slides}장을 요청")
        told = [text for text in outcome.last_words if asked.search(text)]
        assert bool(told) == (count < case.slides), outcome.last_words


class TestCitations:
    @every_made
    async def test_stand_word_for_word_in_the_files(
        self, goals: GoalRunner, case: GoalCase
    ) -> None:
        outcome = await goals.outcome(case)
        for name, content in outcome.files.items():
            sources = read_embedded_sources(content)
            assert sources, name
            assert [s.quote for s in sources if not outcome.library.verify(s)] == []


class TestNumbers:
    @every_made
    async def test_are_in_the_files_or_follow_from_their_tables(
        self, goals: GoalRunner, case: GoalCase
    ) -> None:
        outcome = await goals.outcome(case)
        evidence, figures = evidence_of(outcome), TableFigures(outcome.library.tables)
        invented = []
        for result in outcome.results:
            for text in result_texts(result):
                unknown = unsupported_numbers(text, evidence)
                invented += [(n, text) for n in figures.not_borne_out(text, unknown)]
        assert invented == []


class TestText:
    @every_made
    async def test_says_nothing_that_a_file_ordered(
        self, goals: GoalRunner, case: GoalCase
    ) -> None:
        outcome = await goals.outcome(case)
        texts = [*map(all_text, outcome.files.values()), *outcome.last_words]
        assert [word for word in case.never for text in texts if word in text] == []

    @pytest.mark.parametrize("case", [c for c in CASES if c.says], ids=lambda case: case.name)
    async def test_holds_what_matters_in_the_files(self, goals: GoalRunner, case: GoalCase) -> None:
        outcome = await goals.outcome(case)
        said = " ".join(text for result in outcome.results for text in result_texts(result))
        assert [word for word in case.says if word not in said] == []

    @every_made
    async def test_says_nothing_twice(self, goals: GoalRunner, case: GoalCase) -> None:
        outcome = await goals.outcome(case)
        for result in outcome.results:
            if result.document is not None:
                texts = document_texts(result.document)
                said = Counter(normalise_text(s) for text in texts for s in split_sentences(text))
                assert [s for s, n in said.items() if n > 1 and len(s) > _LEAST_SENTENCE] == []
            if result.synthesis is not None:
                highlights = result.synthesis.highlights
                assert len(set(highlights)) == len(highlights)

    @every_made
    async def test_is_in_the_language_of_the_goal(self, goals: GoalRunner, case: GoalCase) -> None:
        outcome = await goals.outcome(case)
        for result in outcome.results:
            for made in (result.document, result.workbook, result.deck):
                assert made is None or made.language == case.language
            if result.document is not None:
                own = " ".join(
                    run.text
                    for block in result.document.blocks
                    if block.kind == "paragraph"
                    for run in block.runs
                    if not run.source_ids
                )
                assert bool(_HANGUL.search(own)) == (case.language == "ko"), own
            if result.synthesis is not None:
                is_korean = bool(_HANGUL.search(result.synthesis.summary))
                assert is_korean == (case.language == "ko"), result.synthesis.summary
