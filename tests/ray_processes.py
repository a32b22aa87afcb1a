"""The processes that a Ray starts: found by their descent, looked at, and ended by their ids."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

LISTENING = "0A"
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def offspring(ancestor: int) -> set[int]:
    """The ids of all that descend from a process and have not ended."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
    found: set[int] = set()
    grown = {ancestor}
    while grown:
        grown = {one for one, parent in parents.items() if parent in grown} - found
        found |= grown
    return found


def listening_beyond_this_machine(processes: set[int]) -> list[str]:
    """The sockets of these processes that other machines may call, as the system lists them."""
    theirs: set[str] = set()
    for process in processes:
        for descriptor in Path(f"/proc/{process}/fd").glob("*"):
            with contextlib.suppress(OSError):
                theirs.add(str(descriptor.readlink()))
    found: list[str] = []
    seen = 0
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENING and f"socket:[{rest[5]}]" in theirs:
                seen += 1
                found += [local] if local.partition(":")[0] not in LOOPBACK else []
    assert seen, "none of these processes listens: were these Ray's?"
    return found


def end(processes: set[int], seconds: float = 10.0) -> set[int]:
    """End them, whatever they do; those that are there still."""
    until = time.monotonic() + seconds
    left = set(processes)
    while left and time.monotonic() < until:
        for one in set(left):
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                left.discard(one)
        time.sleep(0.05)
    return left
