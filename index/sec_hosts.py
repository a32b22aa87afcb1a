"""The SEC's own hosts, and a guard that lets a process reach these and no other."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
SENT_TO = ("socket.connect", "socket.sendto", "socket.sendmsg")


class ForeignHost(RuntimeError):
    """Something reached for a host that is not the SEC's."""


@dataclass(frozen=True)
class Addresses:
    """Where EDGAR lies. Only tests name another place, and only in code: no setting and no variable leads there."""

    archive: str = "https://www.sec.gov"
    data: str = "https://data.sec.gov"

    @property
    def origins(self) -> frozenset[str]:
        return frozenset({self.archive, self.data})

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(urlsplit(origin).hostname or "" for origin in self.origins)


def reach_only(hosts: frozenset[str]) -> None:
    """From here on this process looks up and connects to these hosts alone, whatever code runs in it.

    Python's audit hooks see every socket and cannot be taken away again, so this is for a process of its own.
    """
    found: set[str] = set()  # the numeric addresses of the hosts
    look_up = socket.getaddrinfo

    def remembering(*args: Any, **kwargs: Any) -> list[Any]:
        answers = look_up(*args, **kwargs)
        found.update(str(answer[4][0]) for answer in answers)
        return answers

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event in LOOKED_UP:
            _must_be_one_of(hosts, args[0])
        elif event in SENT_TO and args[0].family in (socket.AF_INET, socket.AF_INET6) and args[1] is not None:
            _must_be_one_of(found, args[1][0])

    socket.getaddrinfo = remembering
    sys.addaudithook(watch)


def _must_be_one_of(allowed: frozenset[str] | set[str], host: object) -> None:
    if isinstance(host, tuple):  # getnameinfo is given an address and its port
        host = host[0]
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name not in allowed:
        raise ForeignHost(f"{name} is not a host of the SEC's, and nothing else is contacted.")
