"""What is said of failures loses what belongs to the installation, and only that."""

import pytest
from pydantic import SecretStr

from app.core.config import CandidateSettings, ModelSettings
from app.services.bundles.redaction import REMOVED, Redaction, secrets_of
from tests.factories.settings import GivenSettings

PLACE = "/srv/madang data/"


class TestCleanError:
    @pytest.mark.parametrize("secret", [PLACE, 'a "quoted" key', "키-비밀번호", "back\\slash"])
    def test_takes_out_a_known_secret(self, secret: str) -> None:
        cleaned = Redaction([secret]).clean_error({"message": f"{secret} is full", "n": [secret]})
        assert cleaned == {"message": f"{REMOVED} is full", "n": [REMOVED]}

    @pytest.mark.parametrize("key", ["sk-proj-abc123DEF", "gsk_0123456789", "AIzaSyA0123456789abc"])
    def test_takes_out_what_looks_like_a_key(self, key: str) -> None:
        assert Redaction([]).clean_error(f"Incorrect API key: {key}!") == (
            f"Incorrect API key: {REMOVED}!"
        )

    def test_leaves_nothing_of_a_secret_inside_another(self) -> None:
        assert Redaction(["/srv", "/srv/madang"]).clean_error("at /srv/madang") == f"at {REMOVED}"

    @pytest.mark.parametrize("value", [None, "risk-adjusted", {"code": "step_failed"}, []])
    def test_keeps_all_else(self, value: object) -> None:
        assert Redaction(["", "a", PLACE]).clean_error(value) == value  # type: ignore[type-var]  # any JSON


class TestCleanEcho:
    def test_repeats_an_error_in_its_cleaned_words(self) -> None:
        redaction = Redaction([PLACE], [f'The "disk" of {PLACE} is full.'])
        prompt = {"prompt": f'Missing: The "disk" of {PLACE} is full.'}
        assert redaction.clean_echo(prompt) == {
            "prompt": f'Missing: The "disk" of {REMOVED} is full.'
        }

    def test_keeps_the_users_own_words(self) -> None:
        value = {"prompt": f"Say what {PLACE} is."}
        assert Redaction([PLACE], ["It broke."]).clean_echo(value) == value


class TestSecretsOf:
    def test_are_the_candidates_keys_and_addresses_as_well(self) -> None:
        candidate = CandidateSettings(
            name="openai:x", api_key=SecretStr("key-of-one"), base_url="http://model.internal/v1"
        )
        settings = GivenSettings(model=ModelSettings(candidates=(candidate,)))
        secrets = secrets_of(settings, "postgresql://user:word@db/madang")
        assert {"key-of-one", "http://model.internal/v1", "word"} <= set(secrets)
