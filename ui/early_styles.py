"""Puts the page's own styles, and what else a browser will need at once, into the document that it asks for first.

Streamlit draws the styles with the rest of the page, some tenths of a second after the bar and the boxes that they set
in their places: everything would jump. And a browser learns of the scripts behind buttons, links and boxes only when
the first of each is drawn; until they have come, grey bars of another size stand in their places, and all jumps again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_STYLES = Path(__file__).with_name("page.css")
STREAMLITS = Path(streamlit.__file__).parent / "static" / "static" / "js"
NEEDED = ("Button", "PageLink", "ChatInput", "Html", "BidiComponent")  # what Streamlit fetches when it draws the first
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
OUTDATED = (b"content-length", b"etag", b"last-modified")  # of the document as it was without them


class EarlyStyles:
    """ASGI middleware: an HTML document gets the styles at the end of its head; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        links = "".join(
            f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in scripts_needed()
        )
        self._styles = f"{links}<style>{PAGE_STYLES.read_text(encoding='utf-8')}</style></head>".encode()

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


def scripts_needed() -> list[str]:
    """The names of the scripts behind what every page shows, with all that they import."""
    found: dict[str, None] = {}
    wanted = [path.name for part in NEEDED for path in sorted(STREAMLITS.glob(f"{part}.*.js"))]
    while wanted:
        name = wanted.pop()
        path = STREAMLITS / name
        if name not in found and path.is_file():
            found[name] = None
            wanted += IMPORTED.findall(path.read_text(encoding="utf-8"))
    return list(found)


def _is_document(message: Message) -> bool:
    told = dict(message.get("headers", ()))
    return bool(message["status"] == 200 and told.get(b"content-type", b"").startswith(b"text/html"))
