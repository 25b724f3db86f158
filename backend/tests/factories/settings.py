"""Settings that come from the test alone, never from the developer's environment."""

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from app.core.config import Settings


class GivenSettings(Settings):
    """Settings that read no environment and no `.env`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return only what the test gives."""
        return (init_settings,)
