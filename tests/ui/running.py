"""`footnote serve` as a process of its own, for the tests that ask it over HTTP."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """A server, and what it wrote so far."""

    port: int
    data_dir: Path
    log: Path

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers by lower-case name, and body; a header is named with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": f"localhost:{self.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def serving(folder: Path, library: Path | None = None, port: int = 0, **environment: str) -> Iterator[Running]:
    """Serve a copy of a library, or a new one, until the end; the environment is added to the usual one."""
    data_dir = folder / "data"
    if library:
        shutil.copytree(library, data_dir)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        running = Running(probe.getsockname()[1], data_dir, folder / "server.log")
    command = [sys.executable, "-m", "ui.terminal", "serve", "--port", str(running.port), "--data-dir", str(data_dir)]
    with running.log.open("w") as sink:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"CI": "1"} | environment, stdout=sink, stderr=sink
        )
    try:
        _wait_for(running, server)
        yield running
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_ready(running: Running, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while running.get("/readyz")[0] != 200:
        assert time.monotonic() < deadline, running.get("/readyz")[2]
        time.sleep(0.2)


def _wait_for(running: Running, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if running.get("/healthz")[0] == 200:
                return
        except OSError:
            pass
        assert server.poll() is None, running.log.read_text()
        assert time.monotonic() < deadline, running.log.read_text()
        time.sleep(0.05)
