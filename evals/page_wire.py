"""Streamlit's own messages over its websocket, as the page's script in a browser sends and takes them.

It keeps the elements that were drawn last, runs a fragment again as often as it was told to, and names the messages
that it has so that they are not sent twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from evals.browsing import FORGERY, Browser, PageLost

Found = TypeVar("Found")
LASTING = ("json_value", "string_array_value")


@dataclass(frozen=True)
class Drawn:
    """An element, and what drew it."""

    run: int
    fragment: str
    element: Element


class PageWire:
    """One session's connection, and what is drawn in it."""

    def __init__(self, socket: ClientConnection, address: str, browser: Browser, query: str) -> None:
        self.session_id = ""
        self.errors: list[str] = []  # exceptions that the page showed
        self.toasts: list[str] = []
        self.sent_to = ""  # where the page sends its visitor to sign in
        self.bytes_read = 0
        self.runs = 0  # of the whole script, ended
        self._socket = socket
        self.address = address
        self.browser = browser
        self._query = query
        self._page = ""  # the hash of the page that is open; the widgets of another one would be forgotten
        self._elements: dict[tuple[int, ...], Drawn] = {}  # by place
        self._run = 0  # the number of the one that draws now, of the whole script or of fragments
        self._messages: dict[str, ForwardMsg] = {}  # those that the server need not send again, by hash
        self._clocks: dict[str, tuple[float, asyncio.Task[None]]] = {}  # by fragment: what runs it again and again
        self._states: dict[str, WidgetState] = {}  # of widgets that keep their value; every message tells all of them
        self._uploads: dict[str, Any] = {}
        self._moved = asyncio.Event()
        self._lost = ""
        self._reading = asyncio.create_task(self._read())

    async def come_back(self, seconds: float = 60) -> bool:
        """As a browser does whose connection broke: with the session that it had; whether it is still there."""
        had, runs = self.session_id, self.runs
        self._reading.cancel()
        self._socket.transport.abort()
        self._socket = await connected(self.address, self.browser, seconds, had)
        self._lost = ""
        self._reading = asyncio.create_task(self._read())
        await self._send()
        await self.until(lambda it: it.runs > runs, "the page again", seconds)
        return self.session_id == had

    async def leave(self) -> None:
        for _, clock in self._clocks.values():
            clock.cancel()
        self._clocks.clear()
        with contextlib.suppress(WebSocketException, OSError):
            await asyncio.wait_for(self._socket.close(), 5)
        self._reading.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self.leave()

    @property
    def is_lost(self) -> bool:
        """Whether the connection broke."""
        return bool(self._lost)

    @property
    def words(self) -> list[str]:
        """What stands on the page in markdown, from the top to the bottom."""
        return [plain(one.body) for one in self._all("markdown")]

    async def until(self, found: Callable[[Self], Found | None], what: str, seconds: float = 60) -> Found:
        """Wait for something on the page; PageLost says what it was when it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            self._moved.clear()
            if it := found(self):
                return it
            if self._lost:
                raise PageLost(f"{self._lost}, while waiting for {what}")
            try:
                await asyncio.wait_for(self._moved.wait(), deadline - time.monotonic())
            except TimeoutError:
                shown = f"{self.runs} runs, {len(self._clocks)} clocks, {' | '.join(self.words)[-300:]!r}"
                raise PageLost(f"{what} did not come within {seconds:.0f} s: {shown}") from None

    async def address_to_upload(self, name: str) -> Any:
        """Where the server wants a file of this name to be put."""
        request = BackMsg()
        request.file_urls_request.request_id = secrets.token_hex(8)
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self.session_id
        await self._send_message(request)
        return await self.until(
            lambda it: it._uploads.pop(request.file_urls_request.request_id, None), "an address to upload to"
        )

    def _all(self, kind: str, fits: Callable[[Any], bool] = lambda _one: True) -> list[Any]:
        drawn = [
            getattr(element, kind)
            for element in (self._elements[place].element for place in sorted(self._elements))
            if element.WhichOneof("type") == kind
        ]
        return [one for one in drawn if fits(one)]

    def _first(self, kind: str, fits: Callable[[Any], bool] = lambda _one: True) -> Any:
        found = self._all(kind, fits)
        if not found:
            raise PageLost(f"there is no such {kind} on the page; it says {' | '.join(self.words)[:500]!r}")
        return found[0]

    async def _send(self, *states: WidgetState, fragment: str = "") -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self._query
        rerun.page_script_hash = self._page
        self._states |= {state.id: state for state in states if state.WhichOneof("value") in LASTING}
        pressed = [state for state in states if state.id not in self._states]
        rerun.widget_states.widgets.extend([*self._states.values(), *pressed])
        rerun.fragment_id = fragment
        rerun.is_auto_rerun = bool(fragment)
        rerun.cached_message_hashes.extend(self._messages)
        rerun.context_info.url = f"{self.address}/{'?' * bool(self._query)}{self._query}"
        await self._send_message(message)

    async def _send_message(self, message: BackMsg) -> None:
        try:
            await self._socket.send(message.SerializeToString())
        except (ConnectionClosed, OSError) as error:
            raise PageLost(f"the server is gone ({error})") from error

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                if isinstance(data, bytes):
                    self.bytes_read += len(data)
                    message = ForwardMsg()
                    message.ParseFromString(data)
                    self._take(message)
                    self._moved.set()
        except (ConnectionClosed, OSError):
            pass
        self._lost = "the server closed the connection"
        self._moved.set()

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
                self._run += 1
                if not message.metadata.run.fragment_ids:
                    self._stop_clocks(list(self._clocks))
            case "ref_hash":
                known = self._messages[message.ref_hash]
                self._draw(known.delta.new_element, known.delta.fragment_id, message)
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                if message.metadata.cacheable:
                    self._messages[message.hash] = message
                self._draw(message.delta.new_element, message.delta.fragment_id, message)
            case "script_finished":
                self._finish(message)
            case "navigation":
                self._page = message.navigation.page_script_hash
            case "auto_rerun":
                self._set_clock(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                self._stop_clocks(list(message.stop_auto_rerun.fragment_ids))
            case "auth_redirect":
                self.sent_to = message.auth_redirect.url
            case "file_urls_response":
                self._uploads[message.file_urls_response.response_id] = message.file_urls_response.file_urls[0]

    def _draw(self, element: Element, fragment: str, message: ForwardMsg) -> None:
        self._elements[tuple(message.metadata.delta_path)] = Drawn(self._run, fragment, element)
        match element.WhichOneof("type"):
            case "exception":
                self.errors.append(f"{element.exception.type}: {element.exception.message}")
            case "button_group" | "multiselect" as kind if getattr(element, kind).set_value:
                self._states.pop(getattr(element, kind).id, None)  # the server chose
            case "toast":
                self.toasts.append(element.toast.body)

    def _finish(self, message: ForwardMsg) -> None:
        """What the run should have drawn again and did not is gone."""
        fragments = message.metadata.run.fragment_ids
        match message.script_finished:
            case ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("the script could not be compiled")
            case ForwardMsg.FINISHED_SUCCESSFULLY:
                self.runs += 1
                self._elements = {place: one for place, one in self._elements.items() if one.run == self._run}
            case ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                self._elements = {
                    place: one
                    for place, one in self._elements.items()
                    if one.run == self._run or one.fragment not in fragments
                }

    def _set_clock(self, fragment: str, seconds: float) -> None:
        if fragment in self._clocks and self._clocks[fragment][0] == seconds:
            return
        self._stop_clocks([fragment])
        self._clocks[fragment] = (seconds, asyncio.create_task(self._tick(fragment, seconds)))

    def _stop_clocks(self, fragments: list[str]) -> None:
        for fragment in fragments:
            if fragment in self._clocks:
                self._clocks.pop(fragment)[1].cancel()

    async def _tick(self, fragment: str, seconds: float) -> None:
        with contextlib.suppress(PageLost):
            while True:
                await asyncio.sleep(seconds)
                await self._send(fragment=fragment)


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


async def connected(address: str, browser: Browser, seconds: float, session_id: str = "") -> ClientConnection:
    """The page's websocket; with the id of a session, that session is gone on with."""
    parts = urlsplit(address)
    # As the page's script does: the token, without which nobody is taken for signed in, and the session's id.
    words = [word for word in ("streamlit", browser.cookies.get(FORGERY), session_id) if word]
    more: dict[str, Any] = {"ssl": browser.trusts} if parts.scheme == "https" else {}
    if browser.origin:
        more["local_addr"] = (browser.origin, 0)
    return await connect(
        f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/_stcore/stream",
        additional_headers=browser.cookie_header | {"Origin": address},
        subprotocols=[Subprotocol(word) for word in words],
        max_size=None,
        open_timeout=seconds,
        ping_interval=None,
        proxy=None,
        **more,
    )
