"""Shorter sentences claim no more and nothing else than the long ones."""

import pytest

from app.agents.builtin.shorten import shorten


class TestShorten:
    @pytest.mark.parametrize(
        ("text", "short"),
        [
            (
                "Seven in ten installers turned down orders because they had no trained crew free.",
                "Seven in ten installers turned down orders",
            ),
            (
                "Imports reached 76% of units sold in 2024, down from a peak of 80% in 2022.",
                "Imports reached 76% of units sold in 2024",
            ),
            (
                "시공사의 68%가 주문을 거절했으며, 인력이 있으면 판매를 30% 늘릴 수 있다고 답했다.",
                "시공사의 68%가 주문을 거절했다",
            ),
        ],
    )
    def test_drops_reasons_and_additions(self, text: str, short: str) -> None:
        assert shorten(text, 26.0) == short

    @pytest.mark.parametrize(
        "text",
        [
            "The plan pays back in 4.5 years if the market grows by 15% a year",
            "Demand rises, but only where the subsidy stays",
            "보조금이 없어지면 수요가 20%가량 줄어들 수 있다",
        ],
    )
    def test_keeps_conditions_and_contrasts(self, text: str) -> None:
        assert shorten(f"{text}.", 10.0) == text

    def test_leaves_what_fits(self) -> None:
        assert shorten("Sales rose by 12%.", 60.0) == "Sales rose by 12%"
