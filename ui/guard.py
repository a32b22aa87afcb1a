"""What stands before every request to the page: the names it may be asked by, and what a browser is told to refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ui.crowd import Crowd
from ui.demo_limits import DemoLimits
from ui.settings import LOOPBACK, ServerSettings
from ui.upload_room import UploadRoom, is_upload
from ui.visitor_address import counted_as

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Whoever watches over many servers asks by address, not by name; they learn no more than a word.
ASKED_BY_ADDRESS = ("/healthz", "/readyz")
PRIVATE = ("/metrics", "/_stcore/metrics")
FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")
INLINE_SCRIPT = re.compile(r"<script>([^<]*)</script>")


def content_policy(settings: ServerSettings, page: str) -> str:
    """The Content-Security-Policy: nothing is fetched from or sent to anywhere but this server."""
    # blob: is how Streamlit loads the script of a component; only the page itself can make such an address. wasm: it
    # compiles WebAssembly of its own; 'wasm-unsafe-eval' allows that, and no eval of text.
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in INLINE_SCRIPT.findall(page))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page as it draws
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {settings.frame_ancestors}",
        )
    )


def security_headers(settings: ServerSettings, page: str) -> dict[bytes, bytes]:
    """By lower-case name, as ASGI has them."""
    told = {
        "content-security-policy": content_policy(settings, page),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    # No Cross-Origin-Opener-Policy: it makes Chromium change processes before the first paint, 0.2 s for a visitor, and
    # the page opens no windows and keeps nothing that another window could reach.
    # Only browsers that do not know frame-ancestors look at this, and it can't name others than oneself.
    if settings.frame_ancestors in ("'self'", "'none'"):
        told["x-frame-options"] = "SAMEORIGIN" if settings.frame_ancestors == "'self'" else "DENY"
    return {name.encode(): value.encode() for name, value in told.items()}


class Guard:
    """ASGI middleware, outermost: everything passes it, Streamlit's own routes and its websocket too."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, page: str) -> None:
        self._app = app
        self._settings = settings
        self._headers = security_headers(settings, page)
        self._crowd = Crowd(settings.sessions, settings.visitor_sessions)
        limits = DemoLimits.read() if settings.demo else None
        self._room = UploadRoom(limits.upload_bytes, limits.uploaded_kilobytes * 1000) if limits else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        visitor = counted_as((scope.get("client") or ("",))[0])
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "websocket.accept"
            if message["type"] == "http.response.start":
                message["headers"] = self._guarded(message.get("headers", ()))
            await send(message)

        if scope["path"] not in ASKED_BY_ADDRESS and not host_is_allowed(scope, self._settings.allowed_hosts):
            await _refuse(scope, send_guarded, 421, b"This server does not answer to that name.\n")
        elif scope["path"].endswith(PRIVATE) and not may_read_counts(scope, self._settings.metrics_token):
            await _refuse(scope, send_guarded, 403, b"The counts are told to this machine, or to who has the token.\n")
        elif (is_session(scope) or is_page(scope)) and (problem := self._crowd.refusal(visitor)):
            await _refuse(scope, send_guarded, 503, problem.encode())
        elif is_session(scope):
            self._crowd.comes(visitor)
            try:
                await self._app(scope, receive, send_guarded)
            finally:
                self._crowd.goes(visitor, leaves_a_session=begun)
        elif self._room and is_upload(scope):
            with self._room.taking(scope) as problem:
                if problem:
                    await _refuse(scope, send_guarded, 413, problem.encode())
                else:
                    await self._app(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _guarded(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in headers if name.lower() not in self._headers]
        return [*kept, *self._headers.items()]


def is_session(scope: MutableMapping[str, Any]) -> bool:
    """A visitor's websocket, which begins a session."""
    return bool(scope["type"] == "websocket")


def is_page(scope: MutableMapping[str, Any]) -> bool:
    """Somebody opens the page: told now that there is no room, they need not watch it try to connect."""
    wants = "".join(_values(scope, b"accept"))
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in wants


def host_is_allowed(scope: MutableMapping[str, Any], allowed: Iterable[str]) -> bool:
    """Whether the one Host header names this server; else a stranger's page could read it through a name of its own."""
    if "*" in (allowed := tuple(allowed)):
        return True
    hosts = _values(scope, b"host")
    if len(hosts) != 1:
        return False
    try:
        parts = urlsplit(f"//{hosts[0]}")
        name, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.netloc != hosts[0] or "@" in hosts[0]:
        return False
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in allowed)


def may_read_counts(scope: MutableMapping[str, Any], token: str) -> bool:
    """Whoever has the token; without it this machine alone, and not through a proxy, behind which anybody may be."""
    given = "".join(_values(scope, b"authorization"))
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    through_a_proxy = any(name.lower() in FORWARDED for name, _ in scope["headers"])
    return not through_a_proxy and (scope.get("client") or ("",))[0] in LOOPBACK


def page_of_streamlit() -> str:
    """The one HTML page that Streamlit serves, whose script the policy must know."""
    from streamlit.file_util import get_static_dir

    return (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")


async def _refuse(scope: Scope, send: Send, status: int, words: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else words})


def _values(scope: MutableMapping[str, Any], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
