"""What can be set about the index, from the environment (FOOTNOTE_...)."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class IndexSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore")

    data_dir: Path = Path.home() / ".footnote"
    embedding_model: str = ""  # a folder with a sentence-transformers model; empty: the one that ships
    embed_batch: int = 16
    lock_seconds: float = 120.0  # how long a writer waits for another one to end
    edgar_identity: str = ""  # "name e-mail", which the SEC asks of who downloads; empty: as it was typed once
    least_free_bytes: int = 50_000_000  # below this nothing is taken in
