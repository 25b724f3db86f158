"""Which language the command line speaks: the one asked for, else the plan's, else the locale's."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from app.schemas.source import Language


class LocaleVariables(BaseSettings):
    """The locale variables of POSIX, the first that is set decides."""

    model_config = SettingsConfigDict(extra="ignore")

    lc_all: str = ""
    lc_messages: str = ""
    lang: str = ""

    @property
    def is_korean(self) -> bool:
        """Whether the user reads Korean."""
        return (self.lc_all or self.lc_messages or self.lang).lower().startswith("ko")


def output_language(asked: Language | None, locale: LocaleVariables) -> Language:
    """Return the language of the terminal's words before a plan is known."""
    if asked is not None:
        return asked
    return "ko" if locale.is_korean else "en"
