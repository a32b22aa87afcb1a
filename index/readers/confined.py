"""Reading what may be hostile in a child process: when it takes too long or too much memory, only the child dies.

The libraries that take HTML and PDF apart are fast on what people write, and can be made to work for hours or to fall
over by a few kilobytes that somebody chose for it; no check beforehand could tell all of these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from index.readers.document import Unreadable

CPU_SECONDS = 20
MOST_CPU_SECONDS = 120  # for the longest PDF
MOST_MEMORY = 1_000_000_000  # bytes
MOST_TEXT = 30_000_000  # characters that come back
WALL_SECONDS = 240  # a busy machine makes a child wait; one that works is ended by the seconds above
ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR")  # of the environment: a reader needs no keys
TOO_HARD = (
    f"takes more than {CPU_SECONDS} seconds or {MOST_MEMORY // 1_000_000_000} GB of memory to read, which no filing "
    "should; check that it is the right file, or save it as plain text."
)


def in_child(
    task: Literal["text", "pdf"], data: bytes, first: int = 0, step: int = 1, seconds: int = CPU_SECONDS
) -> dict[str, Any]:
    """What a child made of the data; Unreadable when it refused or died of its limits."""
    paths = [str(ROOT), *(path for path in sys.path if path)]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    command = [sys.executable, "-P", "-m", "index.readers.child", task, str(first), str(step), str(seconds)]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, env=environment, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(TOO_HARD) from None
    if child.returncode:
        raise Unreadable(TOO_HARD)
    answer: dict[str, Any] = json.loads(child.stdout)
    if "refused" in answer:
        raise Unreadable(answer["refused"])
    return answer
