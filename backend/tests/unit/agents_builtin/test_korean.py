"""Particles follow the sound of the word before them."""

import pytest

from app.agents.builtin.korean import with_particle


class TestWithParticle:
    @pytest.mark.parametrize(
        ("word", "particle", "joined"),
        [
            ("매출", "은", "매출은"),
            ("시장 규모", "은", "시장 규모는"),
            ("보고서", "을", "보고서를"),
            ("제안", "을", "제안을"),
            ("서울", "으로", "서울로"),
            ("부산", "으로", "부산으로"),
            ("대구", "으로", "대구로"),
            ("5,680억 원", "으로", "5,680억 원으로"),
            ("39%", "을", "39%를"),
            ("2024년", "과", "2024년과"),
            ("61", "으로", "61로"),
            ("33", "으로", "33으로"),
            ("2.5", "으로", "2.5로"),
            ("매출(억 원)", "이", "매출(억 원)이"),
            ("매출(USD)", "이", "매출(USD)이"),
            ("63만 원/kWh", "으로", "63만 원/kWh로"),
            ("KPI", "은", "KPI는"),
            ("report.xlsx", "을", "report.xlsx를"),
            ("CRM", "이", "CRM이"),
            ("Male", "이", "Male이"),
            ("Seoul", "으로", "Seoul로"),
            ("Busan", "은", "Busan은"),
            ("Daegu", "은", "Daegu는"),
            ("“시장”", "은", "“시장”은"),
        ],
    )
    def test_takes_the_form_that_is_spoken(self, word: str, particle: str, joined: str) -> None:
        assert with_particle(word, particle) == joined
