"""Logs hold no secrets."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.logging import MASK, mask_secrets

LOGGER = logging.getLogger("test")


class TestMaskSecrets:
    @pytest.mark.parametrize(
        "name", ["password", "api_key", "Authorization", "secret_key", "session_token", "cookie"]
    )
    def test_hides_a_value_by_its_name(self, name: str) -> None:
        assert mask_secrets(LOGGER, "info", {name: "open sesame"})[name] == MASK

    @pytest.mark.parametrize(
        "text",
        [
            "Authorization: Bearer abcdef123456789",
            "postgresql://madang:hunter2@db/madang",
            "used key sk-proj-abcdefghijklmnop",
            "md_live_0123456789ab_abcdefghijklmnopqrstuvwxyz",
        ],
    )
    def test_hides_a_secret_inside_a_text(self, text: str) -> None:
        shown = str(mask_secrets(LOGGER, "info", {"event": text})["event"])
        assert MASK in shown
        for secret in ("abcdef123456789", "hunter2", "abcdefghijklmnop"):
            assert secret not in shown

    def test_leaves_ports_alone(self) -> None:
        event = {"event": "listening on http://127.0.0.1:8000/health"}
        assert mask_secrets(LOGGER, "info", dict(event)) == event

    def test_leaves_counts_of_tokens_alone(self) -> None:
        assert mask_secrets(LOGGER, "info", {"tokens": 17})["tokens"] == 17

    @given(st.text(alphabet=st.characters(categories=["L", "Zs"]), max_size=80))
    def test_leaves_plain_words_alone(self, text: str) -> None:
        event = {"event": text}
        assert mask_secrets(LOGGER, "info", dict(event)) == event
