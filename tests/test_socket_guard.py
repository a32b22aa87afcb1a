"""The guard that keeps every test off the network guards, names included."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NetworkTouched

OUTSIDE = "192.0.2.1"  # an address set aside for documentation: nobody answers there


@pytest.mark.parametrize(
    "reach_out",
    [
        lambda: socket.socket().connect((OUTSIDE, 80)),
        lambda: socket.socket().connect_ex((OUTSIDE, 80)),
        lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", (OUTSIDE, 53)),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", 0, (OUTSIDE, 53)),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, (OUTSIDE, 53)),
        lambda: socket.create_connection((OUTSIDE, 80), timeout=1),
        lambda: socket.getaddrinfo("example.com", 443),
        lambda: socket.getaddrinfo(b"example.com", 443),
        lambda: socket.getaddrinfo(host="example.com", port=443),
        lambda: socket.gethostbyname("example.com"),
        lambda: socket.gethostbyname_ex("example.com"),
        lambda: socket.gethostbyaddr(OUTSIDE),
        lambda: urllib.request.urlopen("http://example.com", timeout=1),
    ],
)
def test_the_way_out_is_shut(reach_out: Callable[[], object]) -> None:
    with pytest.raises(NetworkTouched):
        reach_out()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_be_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((host, port), timeout=5) as client:
            client.sendall(b"hello")
            with server.accept()[0] as accepted:
                assert accepted.recv(5) == b"hello"


def test_a_unix_socket_may_be_reached(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
