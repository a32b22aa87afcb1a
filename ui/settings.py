"""What can be set about the server around the page, from the environment (FOOTNOTE_...).

Read by hand, where the other rooms use pydantic: importing that takes a tenth of a second of the first paint.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

LOOPBACK = ("localhost", "127.0.0.1", "::1")
LOG_FORMATS = ("text", "json")
WAYS_IN = ("password", "oidc")
YES = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class ServerSettings:
    """Where the page may be asked for, who may put it into a frame, who may read its counts."""

    allowed_hosts: tuple[str, ...] = LOOPBACK  # names without ports; *.example.com for all below one; * for any
    frame_ancestors: str = "'self'"  # as the Content-Security-Policy has it
    metrics_token: str = field(default="", repr=False)  # empty: the counts are told to this machine alone
    log_format: str = "text"
    demo: bool = False  # strangers visit: what would let them reach further than this page is left out
    sign_in: str = ""  # how visitors sign in; empty: nobody needs to
    password_hash: str = field(default="", repr=False)
    sessions: int = 500  # at a time
    visitor_sessions: int = 50  # of one address; less than all, so that nobody can hold them all
    admins: tuple[str, ...] = ()  # who may change the library, by e-mail address; empty: all who are let in

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """From the environment; ValueError says which variable is wrong, and never shows a secret."""
        given = os.environ if environment is None else environment
        hosts = tuple(given.get("FOOTNOTE_ALLOWED_HOSTS", "").replace(",", " ").casefold().split())
        # Bound to another address than loopback, nobody can know by which names it is asked for.
        open_to_others = given.get("STREAMLIT_SERVER_ADDRESS", "localhost").casefold() not in LOOPBACK
        ancestors = given.get("FOOTNOTE_FRAME_ANCESTORS", "").strip() or cls.frame_ancestors
        if ";" in ancestors or not ancestors.isprintable():
            raise ValueError(
                "FOOTNOTE_FRAME_ANCESTORS names sources and nothing else: 'self' https://example.com, or 'none'."
            )
        log_format = given.get("FOOTNOTE_LOG_FORMAT", "").strip().casefold() or cls.log_format
        if log_format not in LOG_FORMATS:
            raise ValueError(f"FOOTNOTE_LOG_FORMAT is text or json, not {log_format!r}.")
        sign_in = given.get("FOOTNOTE_SIGN_IN", "").strip().casefold()
        if sign_in not in ("", *WAYS_IN):
            raise ValueError(f"FOOTNOTE_SIGN_IN is {' or '.join(WAYS_IN)}, not {sign_in!r}.")
        password_hash = given.get("FOOTNOTE_PASSWORD_HASH", "").strip()
        if sign_in == "password" and not password_hash:
            raise ValueError("FOOTNOTE_SIGN_IN=password needs FOOTNOTE_PASSWORD_HASH; `footnote password` makes one.")
        return cls(
            allowed_hosts=hosts or (("*",) if open_to_others else LOOPBACK),
            frame_ancestors=ancestors,
            metrics_token=given.get("FOOTNOTE_METRICS_TOKEN", "").strip(),
            log_format=log_format,
            demo=given.get("FOOTNOTE_DEMO", "").strip().casefold() in YES,
            sign_in=sign_in,
            password_hash=password_hash,
            sessions=_sessions(given, "FOOTNOTE_SESSIONS", cls.sessions),
            visitor_sessions=_sessions(given, "FOOTNOTE_VISITOR_SESSIONS", cls.visitor_sessions),
            admins=tuple(given.get("FOOTNOTE_ADMINS", "").replace(",", " ").casefold().split()),
        )


def _sessions(given: Mapping[str, str], name: str, usual: int) -> int:
    said = given.get(name, "").strip() or str(usual)
    if not said.isdecimal() or not int(said):
        raise ValueError(f"{name} is a number of sessions, not {said!r}.")
    return int(said)
