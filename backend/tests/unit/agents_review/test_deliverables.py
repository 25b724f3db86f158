"""The agents that make files: their review travels with the file and stands in it."""

import io
from collections.abc import Iterator, Mapping

import docx
import pytest

from app.agents.results import AgentResult, ArtifactRef
from app.agents.types import AgentContext, AgentTask
from app.agents.workers import DocsAgent, ReviewAgent
from app.artifacts.blocks import Document
from app.artifacts.docx.check import check_docx
from app.artifacts.press import Press
from app.artifacts.report import RenderedFile
from app.schemas.source import Language, Source
from tests.factories.composers import TODAY
from tests.factories.reviews import (
    VersionsComposer,
    a_claim,
    a_deck,
    a_document,
    a_workbook,
    review_ask,
)


class Shelf:
    """An artifact store in memory."""

    def __init__(self) -> None:
        self.files: list[RenderedFile] = []

    async def save(self, file: RenderedFile, sources: tuple[Source, ...]) -> ArtifactRef:
        """Keep the file."""
        self.files.append(file)
        return ArtifactRef(
            name=file.name,
            media_type=file.media_type,
            sha256="0" * 64,
            size_bytes=len(file.content),
            report=file.report,
        )


class Desk:
    """A step's context over a shelf, with what it reports."""

    def __init__(
        self,
        composer: VersionsComposer,
        *,
        language: Language = "en",
        results: Mapping[str, AgentResult] | None = None,
    ) -> None:
        self.shelf = Shelf()
        self.said: list[str] = []
        ask = review_ask()
        self.task = AgentTask(key="docs", step=ask.step)
        self.context = AgentContext(
            task_id="t1",
            goal=ask.goal,
            language=language,
            today=TODAY,
            composer=composer,
            sources=ask.sources,
            artifacts=self.shelf,
            results=results or {},
            missing={},
            report=self._say,
        )

    async def _say(self, text: str) -> None:
        self.said.append(text)


def versions(*invented: int) -> list[Document]:
    ask = review_ask()
    made = [
        a_document(ask, *(a_claim(ask, f"Ports saved {771 + n} at once.") for n in range(count)))
        for count in invented
    ]
    return [one.document for one in made if one.document is not None]


@pytest.fixture
def press() -> Iterator[Press]:
    """Return the real press."""
    opened = Press()
    yield opened
    opened.close()


class TestDocsAgent:
    async def test_hands_over_the_best_version_with_its_review(self, press: Press) -> None:
        desk = Desk(VersionsComposer(versions(2, 1, 3)))
        result = await DocsAgent(press).run(desk.task, desk.context)
        (ref,), (file,) = result.artifacts, desk.shelf.files
        review = ref.report.review
        assert review is not None
        assert [version.score for version in review.rounds] == [80, 90, 70]
        assert (review.score, review.kept_round) == (90, 2)
        assert [fault.written for fault in review.faults] == ["771"]
        assert file.report.review == review
        assert result.document == versions(1)[0]
        assert desk.said.count("Writing document.docx") == 3
        assert "Putting 2 faults of document.docx right" in desk.said

    @pytest.mark.parametrize(
        ("language", "line"),
        [
            ("en", "Review: 90 of 100, version 1 of 1, 1 open fault: "),
            ("ko", "검토 점수 90/100, 1개 판 가운데 1번째, 남은 지적 1건: "),
        ],
    )
    async def test_writes_the_review_into_the_files_properties(
        self, press: Press, language: Language, line: str
    ) -> None:
        desk = Desk(VersionsComposer(versions(1)), language=language)
        result = await DocsAgent(press).run(desk.task, desk.context)
        content = desk.shelf.files[0].content
        assert docx.Document(io.BytesIO(content)).core_properties.comments.startswith(line)
        assert result.document is not None
        assert check_docx(content, result.document).passed


class TestReviewAgent:
    async def test_names_the_figures_that_differ_between_files(self) -> None:
        ask = review_ask()
        results = {"sheets": a_workbook(ask), "slides": a_deck(ask, total="2,895")}
        desk = Desk(VersionsComposer(versions(0)), results=results)
        result = await ReviewAgent().run(desk.task, desk.context)
        assert result.synthesis is not None
        assert result.synthesis.inconsistencies == (
            "Total revenue: 2,895 in slides, 2,995 in sheets.",
        )
