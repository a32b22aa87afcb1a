"""Where Chroma is when it is not in this process, and a client of it that keeps nobody waiting for ever."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

CLOUD = "https://api.trychroma.com:443"
SECONDS = 10.0  # until a request counts as lost
FIRST_SECONDS = 3.0  # until a server that says nothing at all does


@dataclass(frozen=True)
class ChromaAddress:
    """Where Chroma is; with a key and no address, Chroma Cloud."""

    url: str
    tenant: str = ""
    database: str = ""
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url or CLOUD).hostname or ""


def open_client(address: ChromaAddress) -> Any:
    parts = urlsplit(address.url or CLOUD)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    _must_answer(f"{parts.scheme}://{parts.hostname}:{port}/api/v2/heartbeat")

    import chromadb
    from chromadb.config import Settings

    # _env_file: a .env that lies where Footnote was started is not Chroma's to read.
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    host = str(parts.hostname)
    if address.key:
        client: Any = chromadb.CloudClient(
            tenant=address.tenant or None,
            database=address.database or None,
            api_key=address.key,
            settings=settings,
            cloud_host=host,
            cloud_port=port,
            enable_ssl=secure,
        )
    else:
        named = {"tenant": address.tenant, "database": address.database}
        given = {key: value for key, value in named.items() if value}
        headers = None
        if parts.username:  # a proxy before the server, which has no accounts of its own
            account = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers = {"Authorization": f"Basic {base64.b64encode(account.encode()).decode()}"}
        client = chromadb.HttpClient(host, port, secure, headers, settings=settings, **given)
    client._server._session.timeout = SECONDS  # its own is none: a server that hangs would keep a reader for ever
    return client


def _must_answer(url: str) -> None:
    """Its client looks for the tenant as it is made, and waits for ever."""
    try:
        with urllib.request.urlopen(url, timeout=FIRST_SECONDS):  # noqa: S310  http or https, as was checked
            pass
    except urllib.error.HTTPError:
        pass  # that is an answer
