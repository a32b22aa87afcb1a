"""Log lines as JSON, without anything that was asked, read or set: what a log holds, whoever reads logs can read.

A line is made where its record is made, before any handler sees it. Of our own lines the sentence stays and only
numbers are filled in; of other libraries' lines the place alone, for their sentences may have anything in them; of an
exception its kind and where it came from, for what it says of itself may quote a filing or a key.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

ROOMS = ("ui", "rag", "index")
ROOT = Path(__file__).parent.parent
LEFT_OUT = "(...)"
DEEPEST = 8  # frames of an exception
HANDED_ON = logging.Formatter("%(message)s")
EXCEPTION = type[BaseException]


def write_json() -> None:
    """From now on every log line of this process is JSON, whichever handler writes it."""
    logging.setLogRecordFactory(_record)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda problem: _uncaught(problem.exc_type, problem.exc_value, problem.exc_traceback)
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.StreamHandler())
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)
    # Handlers that are there put their own words around; those that Streamlit makes later are told by its setting.
    for logger in [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]:
        for handler in logger.handlers:
            handler.setFormatter(HANDED_ON)


def _record(
    name: str,
    level: int,
    path: str,
    line: int,
    message: object,
    arguments: Any,
    exception: Any,
    function: str | None = None,
    stack: str | None = None,
    **_named: Any,
) -> logging.LogRecord:
    told: dict[str, Any] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": logging.getLevelName(level).casefold(),
        "logger": name,
    }
    if name.partition(".")[0] in ROOMS:
        told["event"] = _with_numbers(str(message), arguments)
    else:
        told["at"] = f"{_shown(path)}:{line}"
    if exception and exception[1]:
        told["exception"] = _told(exception[1])
    words = json.dumps(told).replace("%", "\\u0025")
    return logging.LogRecord(name, level, path, line, words, (), None, function, None)


def _with_numbers(template: str, arguments: Any) -> str:
    given = arguments if isinstance(arguments, tuple) else (arguments,) if arguments else ()
    if not given:
        return template
    shown = [one if isinstance(one, int | float) else LEFT_OUT for one in given]
    try:
        return template % tuple(shown)
    except (TypeError, ValueError):
        return template


def _told(problem: BaseException) -> list[dict[str, Any]]:
    """The exception and those behind it, the nearest first: kinds and places."""
    chain: list[dict[str, Any]] = []
    seen: BaseException | None = problem
    while seen is not None and len(chain) < DEEPEST:
        frames = traceback.extract_tb(seen.__traceback__)[-DEEPEST:]
        places = [f"{_shown(frame.filename)}:{frame.lineno}" for frame in frames]
        chain.append({"kind": type(seen).__name__, "at": places})
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return chain


def _shown(path: str) -> str:
    """Short, and without the names of folders on this machine."""
    place = Path(path)
    if place.is_relative_to(ROOT) and "site-packages" not in place.parts:
        return place.relative_to(ROOT).as_posix()
    return "/".join(place.parts[-3:])


def _uncaught(kind: EXCEPTION, problem: BaseException | None, _traceback: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("ui").error("an exception that nobody caught", exc_info=problem)
