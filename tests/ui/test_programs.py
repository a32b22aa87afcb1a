"""The console script as a program of its own: streams, exit codes, pipes, signals, and what it imports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOOTNOTE = [sys.executable, "-m", "ui.terminal"]
HEAVY = ("torch", "transformers", "sentence_transformers", "streamlit", "edgar")


def run(*arguments: str, data_dir: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(data_dir)}
    return subprocess.run(
        [*FOOTNOTE, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


def imported_by(code: str, data_dir: Path) -> list[str]:
    """Which of the heavy packages a piece of code imports."""
    report = f"{code}\nimport json, sys\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(data_dir)}
    done = subprocess.run(
        [sys.executable, "-c", report],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return names


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_help_tells_the_exit_codes(tmp_path: Path) -> None:
    done = run("--help", data_dir=tmp_path)
    assert done.returncode == 0
    assert "Exit codes" in done.stdout
    assert "Exit code 3" in run("ask", "--help", data_dir=tmp_path).stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    assert imported_by("import ui.terminal", tmp_path) == []
    assert "index.build" not in run("--help", data_dir=tmp_path).stderr


def test_listing_filings_imports_no_model_and_no_page(seeded_dir: Path) -> None:
    code = "from ui.terminal import app\napp(['filings', '--json'], standalone_mode=False)"
    assert imported_by(code, seeded_dir) == []


def test_stdout_is_json_and_nothing_else(seeded_dir: Path) -> None:
    done = run("filings", "--json", data_dir=seeded_dir)
    assert done.returncode == 0
    assert [row["fiscal_year"] for row in json.loads(done.stdout)] == [2017, 2020, 2021]
    assert done.stderr == ""


def test_a_missing_file_is_one_sentence_and_code_1(tmp_path: Path) -> None:
    done = run("ingest", str(tmp_path / "absent.txt"), data_dir=tmp_path / "data")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "absent.txt" in done.stderr


def test_a_closed_pipe_is_silent(seeded_dir: Path) -> None:
    with subprocess.Popen(
        [*FOOTNOTE, "filings", "--data-dir", str(seeded_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.close()
        assert program.stderr.read() == b""
        program.wait(timeout=60)


def test_a_plain_ascii_terminal_does_not_fail(seeded_dir: Path) -> None:
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(seeded_dir), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*FOOTNOTE, "parse", "seeds/smith-micro-fy2021.txt"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_with_one_sentence_and_code_130(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom ui import terminal\n"
        "def wait(*_):\n    print('waiting', flush=True)\n    import time; time.sleep(60)\n"
        "terminal._open = wait\nsys.argv = ['footnote', 'search', 'valves']\nterminal.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout
        assert program.stderr
        assert program.stdout.readline() == "waiting\n"
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=30) == 130
        assert program.stderr.read() == "Stopped before it was done.\n"


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, data_dir=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert port in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_it_is_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    # In the current folder lies a file that is named like a package; it must not be taken for it.
    (tmp_path / "streamlit.py").write_text("raise SystemExit('the wrong streamlit')")
    environment = os.environ | {"CI": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "ui.terminal", "serve", "--port", str(port), "--data-dir", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == f"Footnote is on http://localhost:{port}\n"
        try:
            assert answers(f"http://localhost:{port}/_stcore/health", within=60) == "ok"
            server.send_signal(ending)
            server.wait(timeout=30)
        finally:
            server.kill()
        assert "Traceback" not in server.stdout.read()


def answers(address: str, within: float) -> str:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  our own server
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return "no answer"
