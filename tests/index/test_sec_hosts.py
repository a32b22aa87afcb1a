"""The guard of hosts, tried in a process of its own: it cannot be taken away again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from index.fetching import EdgarFetcher
from index.sec_hosts import Addresses

ROOT = Path(__file__).parents[2]
ATTEMPTS = """
import asyncio, json, socket, sys, urllib.request
from index.sec_hosts import ForeignHost, reach_only
port = int(sys.argv[1])
reach_only(frozenset({"127.0.0.1"}))
attempts = {
    "allowed": lambda: socket.create_connection(("127.0.0.1", port), 5).close(),
    "name": lambda: socket.getaddrinfo("localhost", port),
    "bytes": lambda: socket.getaddrinfo(b"localhost", port),
    "old look-up": lambda: socket.gethostbyname("localhost"),
    "reverse": lambda: socket.gethostbyaddr("127.0.0.2"),
    "connection": lambda: socket.create_connection(("127.0.0.2", port), 5),
    "address": lambda: socket.socket().connect(("127.0.0.2", port)),
    "name without look-up": lambda: socket.socket().connect(("localhost", port)),
    "later": lambda: socket.socket().connect_ex(("127.0.0.2", port)),
    "IPv6": lambda: socket.socket(socket.AF_INET6).connect(("::1", port)),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.2", port)),
    "url": lambda: urllib.request.urlopen(f"http://127.0.0.2:{port}", timeout=5),
    "asyncio": lambda: asyncio.run(asyncio.open_connection("127.0.0.2", port)),
}
def outcome(attempt):
    try:
        attempt()
    except ForeignHost:
        return "refused"
    except Exception as error:
        return repr(error)
    return "reached"
print(json.dumps({name: outcome(attempt) for name, attempt in attempts.items()}))
"""


def test_no_way_leads_to_another_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", ATTEMPTS, str(port)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    outcomes = json.loads(done.stdout)
    assert outcomes.pop("allowed") == "reached"
    assert outcomes == dict.fromkeys(outcomes, "refused")
    assert len(outcomes) == 12


def test_the_hosts_are_the_secs_whatever_the_environment_says(tmp_path: Path) -> None:
    fetcher = EdgarFetcher(tmp_path)
    assert fetcher._addresses == Addresses()
    assert fetcher._addresses.origins == {"https://www.sec.gov", "https://data.sec.gov"}
