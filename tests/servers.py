"""Real servers on loopback for the tests: PostgreSQL from the system's packages, and `chroma run`."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NOT_ROOT = ("postgres", "nobody")  # PostgreSQL refuses to run as root
STARTED_WITHIN = 60.0  # seconds
_schemas = count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# PostgreSQL -----------------------------------------------------------------------------------------------------------


class PostgresServer:
    """A cluster of its own in a temporary folder, that can be stopped and started again."""

    def __init__(self, programs: Path, folder: Path, user: dict[str, Any]) -> None:
        self.programs, self._folder, self._user = programs, folder, user
        self.port = free_port()

    def make(self) -> None:
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "footnote", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def new_library(self) -> str:
        """The address of an empty schema."""
        import psycopg

        schema = f"library_{next(_schemas)}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        return f"{self.address}?options=-csearch_path%3D{schema}"

    @property
    def address(self) -> str:
        return f"postgresql://footnote@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        # To a file: what the server inherits of a pipe would keep its reader waiting.
        with (self._folder / "said").open("ab") as said:
            subprocess.run(command, cwd=self._folder, stdout=said, stderr=said, check=True, timeout=120, **self._user)


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Skips, and says why, where PostgreSQL or its driver is not there."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not there: pip install -e '.[postgres]'")
    programs = _postgres_programs()
    user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="footnote-postgres-"))
    if os.geteuid() == 0:
        account = next((pwd.getpwnam(name) for name in NOT_ROOT if _is_user(name)), None)
        if account is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other account to run it as")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    server = PostgresServer(programs, folder, user)
    try:
        server.make()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_programs() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not places or not (places[-1] / "pg_ctl").is_file():
        pytest.skip("PostgreSQL is not there: apt-get install -y postgresql")
    return places[-1]


def _is_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


# Chroma ---------------------------------------------------------------------------------------------------------------


class ChromaServer:
    """`chroma run`, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/api/v2/heartbeat", timeout=1):  # noqa: S310
                    return
            except OSError:
                assert self._process.poll() is None, "chroma run ended"
                assert time.monotonic() < until, "chroma run does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def forget(self) -> None:
        """All that it kept."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def chroma(folder: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
