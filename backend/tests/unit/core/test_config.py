"""Settings: where they come from and what is refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.config import Environment, Settings


@pytest.fixture
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestSettings:
    def test_read_groups_from_the_environment(
        self, in_empty_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MADANG_DATABASE__POOL_SIZE", "7")
        monkeypatch.setenv("MADANG_ENGINE__DEFAULT_CAP_USD", "2.5")
        settings = Settings()
        assert settings.database.pool_size == 7
        assert settings.engine.default_cap_usd == 2.5

    def test_read_a_dotenv_file(self, in_empty_folder: Path) -> None:
        (in_empty_folder / ".env").write_text("MADANG_LOG_LEVEL=ERROR\n", encoding="utf-8")
        assert Settings().log_level == "ERROR"

    def test_refuse_the_default_secret_in_production(
        self, in_empty_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MADANG_ENVIRONMENT", "production")
        with pytest.raises(ValidationError, match="MADANG_SECRET_KEY must be set"):
            Settings()
        monkeypatch.setenv("MADANG_SECRET_KEY", "a-secret-of-our-own-that-is-long")
        assert Settings().environment is Environment.PRODUCTION

    def test_show_no_secret_when_printed(
        self, in_empty_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MADANG_MODEL__API_KEY", "sk-very-secret")
        monkeypatch.setenv("MADANG_DATABASE__URL", "postgresql://u:pass-word@h/d")
        printed = repr(Settings())
        assert "sk-very-secret" not in printed
        assert "pass-word" not in printed

    @pytest.mark.parametrize("value", ["0", "-1", "many"])
    def test_refuse_a_value_out_of_range(
        self, in_empty_folder: Path, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("MADANG_DATABASE__POOL_SIZE", value)
        with pytest.raises(ValidationError):
            Settings()
