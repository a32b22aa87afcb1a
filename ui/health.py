"""Whether the process is alive, and whether it can do what it is there for."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ui.warming import shared_warming

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rag.assistant import Assistant

log = logging.getLogger(__name__)


async def healthz(_request: Request) -> Response:
    """The process is alive and its loop turns; nothing more."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("alive\n")


def readyz(_request: Request) -> Response:
    """A question would be answered now, and a filing taken in. Whoever asks first sets the loading going."""
    from starlette.responses import JSONResponse

    reason = why_not_ready()
    return JSONResponse({"ready": not reason, "reason": reason}, 503 if reason else 200, {"cache-control": "no-store"})


def why_not_ready() -> str:
    """In a sentence that may be told to anybody: it names no path. Empty when all is well."""
    warming = shared_warming()
    warming.begin()
    if warming.problem:
        return "The library could not be opened; the server's log says why."
    if warming.assistant is None:
        return "The library is being opened."
    if not warming.ready:
        return "The model that searches by meaning is being loaded."
    return why_not_usable(warming.assistant)


def why_not_usable(assistant: Assistant) -> str:
    """What is wrong with the library now, however well it opened once."""
    settings = assistant.index.settings
    try:
        assistant.index.library.generation()
    except Exception as error:
        log.warning("the library cannot be read", exc_info=error)
        return "The library cannot be read."
    # Before the writing: on a full disk that would fail too, and say the wrong thing.
    try:
        if shutil.disk_usage(settings.data_dir).free < settings.least_free_bytes:
            return "The disk that holds the library is full."
        with tempfile.NamedTemporaryFile(dir=Path(settings.data_dir), prefix=".ready-") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        log.warning("the library's folder cannot be written", exc_info=error)
        return "The library's folder cannot be written."
    return ""
