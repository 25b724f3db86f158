import pytest

from app.artifacts.office import second_opinion
from app.artifacts.pptx import render
from tests.unit.artifacts_pptx.sample import make_deck


@pytest.mark.office
class TestSecondOpinion:
    def test_opens_our_deck(self) -> None:
        report = second_opinion(render(make_deck(), "a").content, ".pptx")
        assert report is not None
        assert report.failures == ()
