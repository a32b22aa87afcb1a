"""What can be set about the index, from the environment (FOOTNOTE_...)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class IndexSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore")

    data_dir: Path = Path.home() / ".footnote"
    # postgresql://user:password@host/name, for several machines; empty: a file in the data folder.
    database_url: SecretStr = Field(default=SecretStr(""), repr=False)
    # http://host:8000, where `chroma run` serves several machines; with a key and no address, Chroma Cloud.
    chroma_url: str = Field(default="", repr=False)  # it may carry a password
    chroma_tenant: str = ""
    chroma_database: str = ""
    chroma_api_key: SecretStr = Field(default=SecretStr(""), repr=False)
    # A folder with a sentence-transformers model; empty: the one that ships. Behind an address: the model's name there.
    embedding_model: str = ""
    embedding_base_url: str = Field(default="", repr=False)  # an OpenAI-compatible endpoint; it may carry a password
    embedding_api_key: SecretStr = Field(default=SecretStr(""), repr=False)
    embedding_requests: int = Field(default=4, ge=1, le=64)  # to that endpoint, at most so many at once
    embedding_seconds: float = Field(default=30.0, gt=0)  # until a request counts as lost
    embed_batch: int = Field(default=16, ge=1)
    lock_seconds: float = 120.0  # how long a writer waits for another one to end
    edgar_identity: str = ""  # "name e-mail", which the SEC asks of who downloads; empty: as it was typed once
    least_free_bytes: int = 50_000_000  # below this nothing is taken in
