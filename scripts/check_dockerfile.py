"""Replay the Dockerfile where there is no Docker: every COPY and RUN in a folder with a fresh Debian, then its CMD.

    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm BASE
    sudo python scripts/check_dockerfile.py BASE [--bind FOLDER...]

BASE stays as it is. Each stage is an overlay on it, entered by chroot. The command runs as the image's user, on a file
system that is read-only but for the volumes and /tmp, without any network; its health check must pass, and a question
be answered. pip's own variables are handed on, with TORCH_INDEX empty unless it is set; --bind shows a folder inside,
such as one that pip finds packages in. It cannot show the base image's own Python, nor how Docker reads the file.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTRUCTION = re.compile(r"[A-Z]+ ")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
PATIENCE = 120  # seconds until the health check passes
QUESTION = "How was the Family Safety acquisition financed?"
LOOPBACK_UP = (
    "import fcntl, socket, struct; s = socket.socket(); r = struct.pack('16sH14s', b'lo', 1, b''); "
    "fcntl.ioctl(s, 0x8914, r)"
)


@dataclass
class Stage:
    """One FROM, and what the lines after it set."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    volumes: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


def instructions(text: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    pairs = [line.partition(" ") for line in joined.splitlines() if INSTRUCTION.match(line)]
    return [(name, rest.strip()) for name, _, rest in pairs]


def filled(text: str, stage: Stage) -> str:
    """$NAME and ${NAME} as Docker puts them into ENV and COPY; a RUN is left to the shell."""
    known = stage.arguments | stage.variables
    return re.sub(r"\$\{?(\w+)\}?", lambda found: known.get(found[1], ""), text)


def replay(base: Path, work: Path, binds: list[Path]) -> Stage:
    stages: dict[str, Stage] = {}
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    stage = Stage(work)
    for name, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        print(f"{name} {rest}"[:150], flush=True)
        if name == "FROM":
            label = rest.split()[-1] if " AS " in rest else str(len(stages))
            stage = stages[label] = Stage(entered(base, work / label, binds))
            stage.variables["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        elif name == "ARG" and stages:
            key, _, value = rest.partition("=")
            stage.arguments[key] = os.environ.get(key, "" if key == "TORCH_INDEX" else value)
        elif name == "ENV":
            stage.variables |= dict(part.split("=", 1) for part in shlex.split(filled(rest, stage)))
        elif name == "WORKDIR":
            stage.workdir = rest
            (stage.folder / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "RUN":
            inside(stage, ["/bin/sh", "-c", rest])
        elif name == "COPY":
            copy(rest, stage, stages, allowed)
        elif name == "USER":
            stage.user = rest
        elif name == "VOLUME":
            stage.volumes.append(rest)
        elif name == "HEALTHCHECK":
            stage.health = json.loads(rest.partition("CMD ")[2])
        elif name == "CMD":
            stage.command = json.loads(rest)
    return stage


def entered(base: Path, folder: Path, binds: list[Path]) -> Path:
    """A writable view of the base, in which packages and devices are found."""
    merged = folder / "merged"
    for part in ("upper", "work", "merged"):
        (folder / part).mkdir(parents=True)
    layers = f"lowerdir={base},upperdir={folder / 'upper'},workdir={folder / 'work'}"
    run(["mount", "-t", "overlay", "overlay", "-o", layers, str(merged)])
    if not any((merged / place / "python").exists() for place in ("usr/local/bin", "usr/bin")):
        (merged / "usr/bin/python").symlink_to("python3")  # as the image has it
    run(["mount", "-t", "proc", "proc", str(merged / "proc")])
    for device in DEVICES:
        inner = merged / "dev" / device
        inner.touch()
        run(["mount", "--bind", f"/dev/{device}", str(inner)])
    for shown in binds:
        inner = merged / str(shown).lstrip("/")
        inner.mkdir(parents=True, exist_ok=True)
        run(["mount", "--bind", str(shown), str(inner)])
        run(["mount", "-o", "remount,bind,ro", str(inner)])  # what is shown from outside can never be changed here
    for config in (Path("/etc/resolv.conf"), Path("/etc/hosts"), Path("/etc/pip.conf")):
        if config.exists():
            shutil.copy(config, merged / str(config).lstrip("/"))
    return merged


def copy(rest: str, stage: Stage, stages: dict[str, Stage], allowed: list[str]) -> None:
    words = rest.split()
    options = dict(word[2:].split("=") for word in words if word.startswith("--"))
    *sources, target = [word for word in words if not word.startswith("--")]
    origin = stages[options["from"]].folder if "from" in options else ROOT
    for source in sources:
        if origin == ROOT and source not in allowed:
            raise SystemExit(f"COPY {source}: .dockerignore keeps it from the builder.")
        found, place = origin / source.lstrip("/"), stage.folder / str(Path(stage.workdir, target)).lstrip("/")
        if found.is_dir():
            shutil.copytree(found, place, symlinks=True, dirs_exist_ok=True)
        else:
            place = place / found.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, place)
        if owner := options.get("chown"):
            run(["chown", "-R", owner, str(place)])


def inside(stage: Stage, command: list[str], user: str = "0:0", capture: bool = False) -> str:
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    variables = pip | stage.arguments | stage.variables
    entry = ["chroot", f"--userspec={user}", str(stage.folder), "/usr/bin/env", "-C", stage.workdir, *command]
    done = subprocess.run(entry, env=variables, check=True, text=True, stdout=subprocess.PIPE if capture else None)
    return done.stdout or ""


def serve(stage: Stage, log: Path) -> None:
    """The image's command as Docker would run it with --read-only --network none --tmpfs /tmp, until it is healthy."""
    for number, volume in enumerate(stage.volumes):  # a new volume is filled with what the image has there
        filled_volume = stage.folder.parent / f"volume-{number}"
        inner = stage.folder / volume.lstrip("/")
        run(["cp", "-a", str(inner), str(filled_volume)])
        run(["mount", "--bind", str(filled_volume), str(inner)])
    run(["mount", "-t", "tmpfs", "tmpfs", str(stage.folder / "tmp")])
    run(["mount", "-o", "remount,ro", str(stage.folder)])
    run([sys.executable, "-c", LOOPBACK_UP])
    entry = ["chroot", f"--userspec={stage.user}", str(stage.folder), "/usr/bin/env", "-C", stage.workdir]
    with log.open("w") as sink:
        server = subprocess.Popen([*entry, *stage.command], env=stage.variables, stdout=sink, stderr=sink)
    try:
        begun = time.monotonic()
        while subprocess.run([*entry, *stage.health], env=stage.variables, stderr=subprocess.DEVNULL).returncode:
            if server.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise SystemExit(f"It does not get healthy:\n{log.read_text()}")
            time.sleep(0.5)
        print(f"healthy after {time.monotonic() - begun:.1f} s, {_megabytes(server.pid)} MB of memory", flush=True)
        print(inside(stage, ["footnote", "ask", QUESTION], stage.user, capture=True))
        try:
            inside(stage, ["/bin/sh", "-c", "touch /opt/footnote/x /etc/x /srv/x 2>/dev/null"], stage.user)
        except subprocess.CalledProcessError:
            print("the file system is read-only, but for its volumes and /tmp")
        else:
            raise SystemExit("The file system can be written.")
    finally:
        server.terminate()
        server.wait(30)
    for line in log.read_text().splitlines()[1:]:
        json.loads(line)


def _megabytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("--bind", type=Path, nargs="*", default=[])
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)  # it starts itself again, in a room apart
    given = parser.parse_args()
    if given.work is None:
        # All that is made and mounted lies in memory, in a room of mounts that ends with the process. Nothing is ever
        # deleted: a deletion would follow a mount out of the room.
        folder = tempfile.mkdtemp(prefix="dockerfile-")
        again = [sys.executable, *sys.argv, "--work", folder]
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", *again])  # noqa: S607
        Path(folder).rmdir()
        raise SystemExit(done.returncode)
    run(["mount", "-t", "tmpfs", "-o", "size=8g", "tmpfs", str(given.work)])
    stage = replay(given.base.resolve(), given.work, given.bind)
    size = subprocess.check_output(["du", "-smx", str(stage.folder.parent / "upper")], text=True).split()[0]  # noqa: S607
    print(f"the image adds {size} MB to its base", flush=True)
    _leave_the_network()
    serve(stage, given.work / "server.log")
    print("The Dockerfile does what it says.")


def _leave_the_network() -> None:
    """os.unshare came with Python 3.12."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        raise OSError(ctypes.get_errno(), "no network of its own")


if __name__ == "__main__":
    main()
