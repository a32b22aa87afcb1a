"""nginx and Caddy on this machine with the configurations of deploy/ as they stand, before pages on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evals.backends import NotHere

DEPLOY = Path(__file__).parents[1] / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CADDY = shutil.which("caddy")
STARTED_WITHIN = 20.0  # seconds


@contextmanager
def nginx(folder: Path, pages: Sequence[int]) -> Iterator[tuple[int, int, ssl.SSLContext]]:
    """deploy/nginx.conf, but for its ports, its certificate and a second page; (plain port, port of TLS, its trust)."""
    if not NGINX:
        raise NotHere("no nginx; on Debian: apt install nginx")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key)]
    command += ["-out", str(certificate), "-subj", "/CN=filings.example.com", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    plain, secure = free_ports(2)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in [
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl;\n", ""),
        ("/etc/letsencrypt/live/filings.example.com/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/filings.example.com/privkey.pem", str(key)),
        ("127.0.0.1:8501", f"127.0.0.1:{pages[0]}"),
        ("# server 127.0.0.1:8502", f"server 127.0.0.1:{pages[1]}"),
    ]:
        if old not in text:
            raise ValueError(f"deploy/nginx.conf has no {old!r} any more.")
        text = text.replace(old, new)
    kept = "".join(
        f"{part}_temp_path {folder}/{part};" for part in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {kept}\n{text} }}"
    (folder / "nginx.conf").write_text(whole)
    command = [NGINX, "-e", str(folder / "errors"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with _running(command, secure, {}):
        yield plain, secure, ssl.create_default_context(cafile=str(certificate))


@contextmanager
def caddy(folder: Path, pages: Sequence[int], name: str) -> Iterator[int]:
    """deploy/Caddyfile, for a name without TLS: a certificate of its own would take a network."""
    if not CADDY:
        raise NotHere("no caddy; on Debian: apt install caddy")
    (port,) = free_ports(1)
    environment = {
        "FOOTNOTE_SITE": f"http://{name}:{port}",
        "FOOTNOTE_PAGES": " ".join(f"127.0.0.1:{page}" for page in pages),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "CADDY_ADMIN": f"unix/{folder}/admin.sock",
    }
    command = [CADDY, "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, port, environment):
        yield port


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE, text=True) as proxy:
        try:
            deadline = time.monotonic() + STARTED_WITHIN
            while True:
                if proxy.poll() is not None or time.monotonic() > deadline:
                    proxy.kill()
                    raise RuntimeError(proxy.stderr.read() if proxy.stderr else "the proxy does not start")
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            proxy.terminate()


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
