"""What can be set about the records, from the environment (FOOTNOTE_...)."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RecordSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore")

    share_bytes: int = Field(default=1_000_000_000, ge=0)  # that all shares and the filings they keep may take
    audit: bool = True  # whether each answer is written down; it stays in this library's database
    audit_entries: int = Field(default=10_000, ge=1)  # how many; then the oldest one goes
