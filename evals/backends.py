"""A Chroma server and a PostgreSQL on this machine, for the faults: each can go away and come back on the same port."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

STARTED_WITHIN = 60.0  # seconds


class NotHere(RuntimeError):
    """A program that is needed is not installed; its message says which."""


class ChromaServer:
    """`chroma run` over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def settings(self) -> dict[str, str]:
        return {"FOOTNOTE_CHROMA_URL": f"http://127.0.0.1:{self.port}"}

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for(self.port)

    def stop(self) -> None:
        """As kill -9 does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


class PostgresServer:
    """A cluster of its own."""

    def __init__(self, folder: Path) -> None:
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not places:
            raise NotHere("there is no PostgreSQL (Debian: apt install postgresql)")
        self._programs, self.folder = places[-1], folder
        self._user: dict[str, Any] = {}
        folder.mkdir()
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.port = _free_port()

    def make(self) -> None:
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "footnote", "-E", "UTF8", "--locale=C")

    @property
    def settings(self) -> dict[str, str]:
        return {"FOOTNOTE_DATABASE_URL": f"postgresql://footnote@127.0.0.1:{self.port}/postgres"}

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        """At once, as a crash does; it recovers from its log."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        # To a file: what the server inherits of a pipe would keep its reader waiting.
        with (self.folder / "said").open("ab") as said:
            subprocess.run(command, cwd=self.folder, stdout=said, stderr=said, check=True, timeout=120, **self._user)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise NotHere(f"nothing listens on port {port}") from None
            time.sleep(0.1)
