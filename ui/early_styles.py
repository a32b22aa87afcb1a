"""Puts the page's own styles into the document that a browser asks for first.

Streamlit draws them with the rest of the page, some tenths of a second after the bar and the boxes that they set in
their places: everything would jump.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_STYLES = Path(__file__).with_name("page.css")
OUTDATED = (b"content-length", b"etag", b"last-modified")  # of the document as it was without them


class EarlyStyles:
    """ASGI middleware: an HTML document gets the styles at the end of its head; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._styles = f"<style>{PAGE_STYLES.read_text(encoding='utf-8')}</style></head>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun: Message | None = None
        body = b""

        async def send_styled(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start" and _is_document(message):
                begun = message
            elif message["type"] == "http.response.body" and begun:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    whole = body.replace(b"</head>", self._styles, 1)
                    kept = [(name, value) for name, value in begun["headers"] if name.lower() not in OUTDATED]
                    await send({**begun, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
                    await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self._app(scope, receive, send_styled)


def _is_document(message: Message) -> bool:
    told = dict(message.get("headers", ()))
    return bool(message["status"] == 200 and told.get(b"content-type", b"").startswith(b"text/html"))
