"""Which language model writes, if any: from OPENAI_API_KEY, OPENAI_BASE_URL and FOOTNOTE_..., or for one session."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"  # what endpoints are sent that ask for no key: the client insists on one


class ModelSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        protected_namespaces=(),
        env_ignore_empty=True,
    )

    # Neither stands in a repr: an address may carry a password.
    api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY", repr=False)
    base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL", repr=False)
    model: str = "gpt-4.1-mini"
    # Tokens that the model can hold, its answer included. Small on purpose: local servers cut off what is over without
    # a word, and ten passages fit.
    model_window: int = Field(default=8192, ge=2048)
    model_silence_seconds: float = Field(default=60.0, gt=0)  # without a word from it, until it counts as stalled
    model_seconds: float = Field(default=180.0, gt=0)  # for one answer, whatever it says
    model_attempts: int = Field(default=3, ge=1, le=10)
    # What a million tokens cost, read and written, in whatever currency; 0: not known, and no cost is told.
    model_price_in: float = Field(default=0.0, ge=0)
    model_price_out: float = Field(default=0.0, ge=0)
    model_longest_wait: float = Field(default=20.0, ge=0)  # where an endpoint asks for a longer one, nobody waits

    @field_validator("api_key", "base_url", "model", mode="before")
    @classmethod
    def _without_spaces_around(cls, value: object) -> object:
        """A key that is pasted often brings a line break along."""
        if isinstance(value, SecretStr):
            return SecretStr(value.get_secret_value().strip())
        return value.strip() if isinstance(value, str) else value

    @property
    def is_set(self) -> bool:
        """Whether there is a model at all; without one, nothing of it is even imported."""
        return bool(self.api_key.get_secret_value() or self.base_url)

    @property
    def address(self) -> str:
        return self.base_url or OPENAI

    @property
    def host(self) -> str:
        """The endpoint as it may be named to anybody: without a password, a path or a query."""
        try:
            return urlsplit(self.address).hostname or "its address"
        except ValueError:
            return "its address"

    def with_key(self, key: str) -> Self:
        """These settings with a key that somebody typed for their own session."""
        return self.model_copy(update={"api_key": SecretStr(key.strip())})

    @classmethod
    def none(cls) -> Self:
        """No model, whatever the environment names."""
        return cls(api_key=SecretStr(""), base_url="")
