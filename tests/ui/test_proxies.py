"""The proxies' configurations, run by the real programs on loopback: TLS, websockets, sticky visitors, shut doors."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import time
from collections.abc import Iterator
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

from evals import proxies

Answer = tuple[int, dict[str, str], str]


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
    ports = proxies.free_ports(2)
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
    if not proxies.NGINX:
        pytest.skip("no nginx; on Debian: apt install nginx")
    with proxies.nginx(tmp_path_factory.mktemp("nginx"), pages) as started:
        yield started


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
    if not proxies.CADDY:
        pytest.skip("no caddy; on Debian: apt install caddy")
    with proxies.caddy(tmp_path_factory.mktemp("caddy"), pages, "filings.example.com") as port:
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
