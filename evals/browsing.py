"""What a visitor without a browser asks for by HTTP, with the cookies that the answers bring."""

from __future__ import annotations

import http.client
import re
import secrets
import ssl
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

COOKIE = re.compile(r"([\w-]+)=([^;]*)")
FORGERY = "_streamlit_xsrf"  # the cookie whose value uploads must bring along, too


class PageLost(ConnectionError):
    """The server went away, or did not answer in time; its message says what was waited for."""


class Answer(NamedTuple):
    """What a request was answered."""

    status: int
    body: bytes
    leads_to: str  # where a browser would go next


@dataclass
class Browser:
    """What a visitor comes with: an address, whom he trusts, and the cookies that he was given."""

    origin: str = ""  # of this machine's own; '' leaves it to the system
    trusts: ssl.SSLContext | None = None  # for https
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookie_header(self) -> dict[str, str]:
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": told} if told else {}

    def ask(self, method: str, address: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request; the cookies that come with its answer are kept."""
        parts = urlsplit(address)
        more: dict[str, Any] = {"timeout": 60, "source_address": (self.origin, 0) if self.origin else None}
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(parts.netloc, context=self.trusts, **more)
        else:
            connection = http.client.HTTPConnection(parts.netloc, **more)
        try:
            connection.request(method, path, body or None, self.cookie_header | headers)
            answer = connection.getresponse()
            said = answer.read()
            for line in answer.headers.get_all("set-cookie") or ():
                if found := COOKIE.match(line):
                    self.cookies[found[1]] = found[2]
            return Answer(answer.status, said, answer.headers.get("location", ""))
        finally:
            connection.close()

    def go(self, address: str, steps: int = 10) -> Answer:
        """Open an address, and follow where it leads."""
        for _ in range(steps):
            parts = urlsplit(address)
            path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
            answer = self.ask("GET", f"{parts.scheme}://{parts.netloc}", path)
            if not answer.leads_to:
                return answer
            address = urljoin(address, answer.leads_to)
        raise PageLost(f"{address} leads in a circle")


def put_file(browser: Browser, address: str, path: str, name: str, content: bytes) -> None:
    edge = secrets.token_hex(16)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "X-Xsrftoken": browser.cookies.get(FORGERY, ""),
    }
    try:
        status, said, _ = browser.ask("PUT", address, f"/{path.lstrip('/')}", body, **headers)
    except (OSError, http.client.HTTPException) as error:
        raise PageLost(f"the server went away during the upload of {name} ({error})") from error
    if status != 204:
        raise PageLost(f"the upload of {name} was answered with {status}: {said[:200]!r}")
