"""What all tests share: no network, a library with the three filings that ship, and an encoder that costs nothing."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.build import FilingIndex
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder
from tests.servers import PostgresServer, postgres

if TYPE_CHECKING:
    from rag.assistant import Assistant

SEEDS = Path(__file__).parent.parent / "seeds"
HERE = {"localhost", "localhost.localdomain", "ip6-localhost", ""}


class NetworkTouched(AssertionError):
    """A test reached for the network; Footnote works without one, and so do its tests."""


def _is_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or (isinstance(name, str) and name.casefold() in HERE):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _only_here(real: Callable[..., Any], host_of: Callable[..., object]) -> Callable[..., Any]:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args, **kwargs)
        if not _is_here(host):
            raise NetworkTouched(f"{real.__name__} was called for {host!r}")
        return real(*args, **kwargs)

    return guarded


def _address(sock: socket.socket, *args: Any) -> object:
    """The host that a socket is sent to: of connect(address), sendto(data, address) or sendto(data, flags, address)."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return "localhost"  # AF_UNIX and the like do not leave the machine
    return args[-1][0] if args and isinstance(args[-1], tuple) else "localhost"


def _receiver(sock: socket.socket, *args: Any) -> object:
    """Of sendmsg(buffers, ancillary, flags, address); without an address the socket is connected, which was guarded."""
    return _address(sock, args[3]) if len(args) > 3 and args[3] is not None else "localhost"


def _peer(address: tuple[str, int], *_args: Any, **_kwargs: Any) -> object:
    return address[0]


def _host(host: object = None, *_args: Any, **_kwargs: Any) -> object:
    return host


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Names are not even looked up. For the whole session: fixtures that many tests share are under it too."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, _only_here(getattr(socket.socket, method), _address))
        patch.setattr(socket.socket, "sendmsg", _only_here(socket.socket.sendmsg, _receiver))
        patch.setattr(socket, "create_connection", _only_here(socket.create_connection, _peer))
        for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
            patch.setattr(socket, function, _only_here(getattr(socket, function), _host))
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "FOOTNOTE_MODEL"):
            patch.delenv(name, raising=False)  # whoever runs the tests may have a language model
        yield


@pytest.fixture
def encoder() -> StandInEncoder:
    return StandInEncoder()


@pytest.fixture
def open_index(tmp_path: Path) -> Iterator[Callable[..., FilingIndex]]:
    """Opens the index of this test's own data folder, with an encoder that costs nothing; closes it at the end."""
    opened: list[FilingIndex] = []

    def open_it(encoder: StandInEncoder | None = None, **settings: Any) -> FilingIndex:
        where: dict[str, Any] = {"data_dir": tmp_path / "data", "least_free_bytes": 0} | settings
        opened.append(FilingIndex(IndexSettings(**where), encoder or StandInEncoder()))
        return opened[-1]

    yield open_it
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL on this machine; tests that want one are skipped, with a word, where it is not installed."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def seeded_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the three filings that ship, read in once with the real model. Tests only read in it."""
    data_dir = tmp_path_factory.mktemp("seeded") / "data"
    index = FilingIndex(IndexSettings(data_dir=data_dir))
    report = index.ingest(sorted(SEEDS.glob("*.txt")))
    index.close()
    assert [outcome.status for outcome in report.outcomes] == ["added"] * 3, report
    return data_dir


@pytest.fixture(scope="session")
def assistant(seeded_dir: Path) -> Assistant:
    from rag.assistant import Assistant

    return Assistant.open(data_dir=seeded_dir)
