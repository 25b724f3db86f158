"""All settings, from defaults, `.env` and the environment: `MADANG_`, and `__` between levels."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.money import MAX_USD_PER_MTOK
from app.core.policy import Policy

DEVELOPMENT_SECRET = "development-only-secret"  # noqa: S105 - refused outside development

# The name of the composer that needs no model.
BUILTIN = "builtin"


class Environment(StrEnum):
    """Where this installation runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class DatabaseSettings(BaseModel):
    """The database and its connection pool."""

    url: SecretStr | None = Field(
        None, description="PostgreSQL URL; without it an embedded server runs in the data folder."
    )
    pool_size: int = Field(20, ge=1, description="Connections kept open.")
    max_overflow: int = Field(10, ge=0, description="Connections beyond `pool_size` under load.")
    pool_pre_ping: bool = Field(default=True, description="Check a connection before use.")
    pool_recycle: int = Field(3600, ge=1, description="Age in seconds after which to reconnect.")
    pool_timeout: int = Field(30, ge=1, description="Seconds to wait for a free connection.")
    statement_timeout_s: float = Field(30, gt=0, description="Longest statement, in seconds.")
    idle_transaction_timeout_s: float = Field(
        10,
        gt=0,
        description="Seconds after which the server ends a transaction that its process left open "
        "without a statement: a frozen process must not hold locks.",
    )


class FileSettings(BaseModel):
    """Limits on what users upload."""

    max_size_bytes: int = Field(50_000_000, ge=1, description="Largest file, in bytes.")
    max_unpacked_bytes: int = Field(
        400_000_000, ge=1, description="Largest unpacked size of an Office file, in bytes."
    )
    max_pages: int = Field(2000, ge=1, description="Most pages of a PDF.")
    max_files: int = Field(20, ge=1, description="Most files of one task.")
    read_timeout_s: float = Field(120, gt=0, description="Longest reading of one file, in seconds.")


class Tier(StrEnum):
    """How much a model can be trusted with: simple steps, ordinary ones, or hard ones."""

    BASIC = "basic"
    GOOD = "good"
    BEST = "best"


class CandidateSettings(BaseModel):
    """A model that a policy may choose. Key, address and price are this model's own."""

    name: str = Field(pattern=r"^(builtin|[a-z_]+:\S+)$", max_length=200)
    tier: Tier = Tier.GOOD
    context_tokens: int | None = Field(None, ge=1000)
    base_url: str | None = None
    api_key: SecretStr | None = None
    input_usd_per_mtok: float | None = Field(None, ge=0, le=MAX_USD_PER_MTOK)
    output_usd_per_mtok: float | None = Field(None, ge=0, le=MAX_USD_PER_MTOK)

    @property
    def has_own(self) -> bool:
        """Whether it says how it is reached or what it costs, beside its name."""
        own = (self.base_url, self.api_key, self.input_usd_per_mtok, self.output_usd_per_mtok)
        return any(value is not None for value in own)


class ModelSettings(BaseModel):
    """Which model thinks, and how it is called."""

    name: str = Field(
        BUILTIN, description='"builtin" (no model) or "provider:name", e.g. "openai:gpt-5-mini".'
    )
    base_url: str | None = Field(None, description="URL of an OpenAI-compatible server.")
    api_key: SecretStr | None = Field(
        None, description="Key for the provider; else the provider's own variable is read."
    )
    timeout_s: float = Field(120, gt=0, description="Longest wait for one answer, in seconds.")
    max_output_tokens: int = Field(4000, ge=64, description="Most tokens of one answer.")
    max_sends: int = Field(4, ge=1, description="Most tries of one call, with back-off.")
    input_usd_per_mtok: float | None = Field(
        None,
        ge=0,
        le=MAX_USD_PER_MTOK,
        description="Price override: dollars per million input tokens.",
    )
    output_usd_per_mtok: float | None = Field(
        None,
        ge=0,
        le=MAX_USD_PER_MTOK,
        description="Price override: dollars per million output tokens.",
    )
    candidates: tuple[CandidateSettings, ...] = Field(
        (),
        max_length=20,
        description="Models that a policy chooses from, as a JSON list of objects with `name`, "
        "`tier` (basic, good, best) and, where needed, `context_tokens`, `base_url`, `api_key`, "
        "`input_usd_per_mtok`, `output_usd_per_mtok`.",
    )
    policy: Policy = Field(
        Policy.BALANCED,
        description="How a step's model is chosen from the candidates: cheap, balanced or best.",
    )

    @model_validator(mode="after")
    def _refuse_doubles(self) -> Self:
        names = [candidate.name for candidate in self.candidates]
        if len(set(names)) < len(names):
            message = "candidates must have different names"
            raise ValueError(message)
        return self

    def candidate(self, name: str) -> CandidateSettings | None:
        """Return the candidate of this name, if it is one."""
        return next((found for found in self.candidates if found.name == name), None)


class EngineSettings(BaseModel):
    """How steps are executed."""

    concurrency: int = Field(24, ge=1, description="Steps run at once by one worker.")
    user_concurrency: int = Field(
        16, ge=1, description="Steps of one user run at once, by all workers."
    )
    total_concurrency: int = Field(256, ge=1, description="Steps run at once by all workers.")
    lease_s: float = Field(30, gt=0, description="Silence after which a worker is taken for dead.")
    max_attempts: int = Field(3, ge=1, description="Tries of one step before it fails.")
    max_worker_deaths: int = Field(5, ge=1, description="Worker deaths that mark a step as poison.")
    first_backoff_s: float = Field(
        1.0, ge=0, description="Wait before the second try of a step, in seconds; then doubled."
    )
    step_timeout_s: float = Field(900, gt=0, description="Longest run of one step, in seconds.")
    shutdown_grace_s: float = Field(5, ge=0, description="Seconds to finish steps on SIGTERM.")
    replan_on_failure: bool = Field(
        default=False,
        description="Plan a task anew by itself when a required step has failed.",
    )
    max_replans: int = Field(2, ge=0, description="New plans made for one begun task at most.")
    default_cap_usd: float = Field(1.0, ge=0, description="Cap in money of a task without its own.")


class ServerSettings(BaseModel):
    """The HTTP server."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    max_body_bytes: int = Field(60_000_000, ge=1, description="Largest request body, in bytes.")


class Settings(BaseSettings):
    """Everything that can be set. Names are MADANG_<FIELD> or MADANG_<GROUP>__<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="MADANG_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
    )

    environment: Environment = Field(
        Environment.DEVELOPMENT, description="development, test or production."
    )
    data_dir: Path = Field(
        Path("~/.local/share/madang"), description="Folder of the embedded database and the files."
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET),
        description="Key that signs cursors; must be set in production.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log record to write."
    )
    log_format: Literal["console", "json"] = Field("console", description="Form of log records.")
    idle_release_s: float = Field(
        300,
        gt=0,
        description="Seconds without use after which the sentence model, the files in memory and "
        "the processes that read and make files are let go; the next use loads them again.",
    )
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    files: FileSettings = Field(default_factory=FileSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)
    engine: EngineSettings = Field(default_factory=EngineSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)

    @model_validator(mode="after")
    def _refuse_default_secrets(self) -> Self:
        is_default = self.secret_key.get_secret_value() == DEVELOPMENT_SECRET
        if self.environment is Environment.PRODUCTION and is_default:
            message = "MADANG_SECRET_KEY must be set to a value of your own in production"
            raise ValueError(message)
        return self

    @property
    def data_path(self) -> Path:
        """The data folder, with ~ expanded."""
        return self.data_dir.expanduser().resolve()


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
