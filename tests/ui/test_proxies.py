"""The proxies' configurations, run by the real programs on loopback: TLS, websockets, sticky visitors, shut doors."""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

DEPLOY = Path(__file__).parents[2] / "deploy"
Answer = tuple[int, dict[str, str], str]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CADDY = shutil.which("caddy")


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def little_page(name: str) -> Starlette:
    """In the place of a page: it tells its name, and what the proxy says of the visitor."""

    async def stream(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(name)
        await websocket.send_text(await websocket.receive_text())

    def told(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{name} {request.headers['host']} {request.headers.get('x-forwarded-for')}")

    return Starlette(routes=[WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", told)])


@pytest.fixture(scope="module")
def pages() -> Iterator[list[int]]:
    ports = free_ports(2)
    servers = [
        uvicorn.Server(uvicorn.Config(little_page(name), port=port, log_level="error", proxy_headers=False))
        for name, port in zip("ab", ports, strict=True)
    ]
    for server in servers:
        Thread(target=server.run, daemon=True).start()
    while not all(server.started for server in servers):
        time.sleep(0.02)
    yield ports
    for server in servers:
        server.should_exit = True


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    with subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE, text=True) as proxy:
        try:
            deadline = time.monotonic() + 20
            while True:
                assert proxy.poll() is None, proxy.stderr.read() if proxy.stderr else ""
                assert time.monotonic() < deadline
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            proxy.terminate()


def get(port: int, path: str, tls: ssl.SSLContext | None = None, origin: str = "127.0.0.1", **headers: str) -> Answer:
    connection: http.client.HTTPConnection
    if tls:
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=tls, source_address=(origin, 0), timeout=10)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, source_address=(origin, 0), timeout=10)
    connection.request("GET", path, headers={"Host": f"filings.example.com:{port}"} | headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def ask_by_websocket(port: int, tls: ssl.SSLContext | None = None, **headers: str) -> list[str]:
    address = f"{'wss' if tls else 'ws'}://filings.example.com:{port}/_stcore/stream"

    async def talk() -> list[str]:
        named: dict[str, Any] = {"ssl": tls, "server_hostname": "127.0.0.1"} if tls else {}
        here = websockets.connect(address, host="127.0.0.1", port=port, additional_headers=headers, proxy=None, **named)
        async with here as websocket:
            await websocket.send("still there?")
            return [str(await websocket.recv()), str(await websocket.recv())]

    return asyncio.run(talk())


@pytest.fixture(scope="module")
def nginx(pages: list[int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, ssl.SSLContext]]:
    """deploy/nginx.conf as it stands, but for its ports, its certificate and a second page."""
    if not NGINX:
        pytest.skip("no nginx; on Debian: apt install nginx")
    folder = tmp_path_factory.mktemp("nginx")
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
        assert old in text, old
        text = text.replace(old, new)
    kept = "".join(
        f"{part}_temp_path {folder}/{part};" for part in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {kept}\n{text} }}"
    (folder / "nginx.conf").write_text(whole)
    command = [NGINX, "-e", str(folder / "errors"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(command, secure):
        yield plain, secure, ssl.create_default_context(cafile=str(certificate))


def test_nginx_sends_a_visitor_to_one_page_and_others_to_another(nginx: tuple[int, int, ssl.SSLContext]) -> None:
    _, secure, tls = nginx
    chosen = {}
    for number in range(1, 9):
        origin = f"127.0.0.{number}"
        answers = {get(secure, "/", tls, origin)[2] for _ in range(3)}
        assert len(answers) == 1
        page, host, forwarded = answers.pop().split()
        assert (host, forwarded) == (f"filings.example.com:{secure}", origin)
        chosen[origin] = page
    assert set(chosen.values()) == {"a", "b"}
    talk = ask_by_websocket(secure, tls)
    assert talk == [chosen["127.0.0.1"], "still there?"]


def test_nginx_believes_no_visitor_who_says_where_he_comes_from(nginx: tuple[int, int, ssl.SSLContext]) -> None:
    _, secure, tls = nginx
    _, _, told = get(secure, "/", tls, **{"X-Forwarded-For": "10.0.0.1"})
    assert told.endswith(" 127.0.0.1")


def test_nginx_speaks_tls_and_keeps_the_watchers_doors_shut(nginx: tuple[int, int, ssl.SSLContext]) -> None:
    plain, secure, tls = nginx
    status, headers, _ = get(plain, "/x")
    assert (status, headers["Location"]) == (301, "https://filings.example.com/x")
    assert "max-age" in get(secure, "/", tls)[1]["Strict-Transport-Security"]
    for path in ("/metrics", "/healthz", "/readyz", "/_stcore/metrics"):
        assert get(secure, path, tls)[0] == 404, path
    assert get(secure, "/_stcore/health", tls)[0] == 200


@pytest.fixture(scope="module")
def caddy(pages: list[int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """deploy/Caddyfile as it stands, for a name without TLS: a certificate of its own would take a network."""
    if not CADDY:
        pytest.skip("no caddy; on Debian: apt install caddy")
    (port,) = free_ports(1)
    home = str(tmp_path_factory.mktemp("caddy"))
    environment = {
        "FOOTNOTE_SITE": f"http://filings.example.com:{port}",
        "FOOTNOTE_PAGES": " ".join(f"127.0.0.1:{page}" for page in pages),
        "XDG_CONFIG_HOME": home,
        "XDG_DATA_HOME": home,
        "CADDY_ADMIN": "unix/" + home + "/admin.sock",
    }
    command = [CADDY, "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    with running(command, port, **environment):
        yield port


def test_caddy_keeps_a_visitor_with_his_page(caddy: int) -> None:
    seen = set()
    for _ in range(12):
        _, headers, told = get(caddy, "/")
        page, host, _ = told.split()
        assert host == f"filings.example.com:{caddy}"
        seen.add(page)
        cookie = headers["Set-Cookie"].partition(";")[0]
        assert cookie.startswith("footnote_page=")
        assert {get(caddy, "/", Cookie=cookie)[2].split()[0] for _ in range(4)} == {page}
        talk = ask_by_websocket(caddy, Cookie=cookie)
        assert talk == [page, "still there?"]
    assert seen == {"a", "b"}


def test_caddy_keeps_the_watchers_doors_shut(caddy: int) -> None:
    for path in ("/metrics", "/healthz", "/readyz", "/_stcore/metrics"):
        assert get(caddy, path)[0] == 404, path
    assert get(caddy, "/_stcore/health")[0] == 200
