"""The child process of index.readers.confined: takes a file's content on its input, gives JSON on its output."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

from index.readers.confined import MOST_CPU_SECONDS, MOST_MEMORY, MOST_TEXT
from index.readers.document import Unreadable


def main(task: str, first: int, step: int, seconds: int) -> None:
    allow_seconds(seconds)
    limit_memory()
    data = sys.stdin.buffer.read()
    try:
        answer = TASKS[task](data, first, step)
    except Unreadable as reason:
        answer = {"refused": str(reason)}
    sys.stdout.write(json.dumps(answer))


def allow_seconds(seconds: float) -> None:
    """From here on the system ends this process when it works longer; Windows has no such limits."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), MOST_CPU_SECONDS))


def limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _text(data: bytes, first: int, step: int) -> dict[str, Any]:
    from index.readers.formats import read_here

    document = read_here(data.decode("utf-8", "replace"))
    if len(document.text) > MOST_TEXT:
        raise Unreadable("has more text than any filing; check that it is the right file.")
    return {"text": document.text, "facts": document.facts, "notes": document.notes}


def _pages(data: bytes, first: int, step: int) -> dict[str, Any]:
    from index.readers.portable_pages import pages_here  # here, for pypdf takes a while to import

    logging.disable()  # in the child alone: pypdf has a line to say on each thing that is damaged
    return {"pages": pages_here(data, first, step, allow_seconds)}


TASKS: dict[str, Callable[[bytes, int, int], dict[str, Any]]] = {"text": _text, "pdf": _pages}

if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
