"""What can be set for the page."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class PageSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore", frozen=True)

    demo: bool = False  # strangers visit: what would let them reach further than this page is left out
