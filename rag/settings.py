"""What can be set about answering, from the environment (FOOTNOTE_...)."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AnswerSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore")

    passages_per_question: int = 16
    passages_per_filing: int = 8  # where several filings are set side by side
    filings_side_by_side: int = 24  # of more, those are read that speak most of what is asked
    facet_answer_tokens: int = 150  # of an answer to a question like "Who are the customers?"
    facet_likeness: float = 0.75  # cosine from which a question is taken for a facet's own
    # What a language model may read and write, in tokens; 0: no limit.
    session_tokens: int = Field(default=0, ge=0)
    daily_tokens: int = Field(default=0, ge=0)  # of all sessions, but for those whose visitors typed a key of their own
    longest_question: int = 2000  # characters
