"""`footnote serve` as a process of its own, which can be killed, started again, and weighed."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[1]
PATIENCE = 180  # seconds until a server must be ready, on a machine that may be busy


class Served:
    """A server over one data folder; it listens on the same port whenever it is started again."""

    def __init__(self, data_dir: Path, log: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data_dir = data_dir
        self.log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def process_id(self) -> int:
        assert self._process  # noqa: S101  it was started
        return self._process.pid

    def start(self) -> None:
        options = ["serve", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        command = [sys.executable, "-m", "ui.terminal", *options]
        environment = os.environ | {"CI": "1", "PYTHONPATH": str(ROOT)} | self._environment
        with self.log.open("a") as sink:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink)

    def start_until_ready(self, seconds: float = PATIENCE) -> float:
        """The seconds until a question would be answered."""
        begun = time.monotonic()
        self.start()
        self.wait_until(lambda: self.readiness()[0] == 200, seconds)
        return time.monotonic() - begun

    def wait_until(self, is_so: object, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():  # type: ignore[operator]
            if self._process and self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log_tail()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server does not come to it; {self.readiness()}: {self.log_tail()}")
            time.sleep(0.1)

    def readiness(self) -> tuple[int, str]:
        """What /readyz answers; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()

    def kill(self) -> None:
        """As kill -9 does; nothing of it is left to run."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def resident_megabytes(self) -> float:
        """Memory that is really held, as Linux tells it."""
        status = Path(f"/proc/{self.process_id}/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def processor_seconds(self) -> float:
        """What it took of the processors since its start: the same however busy the machine is with other things."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.stop()
