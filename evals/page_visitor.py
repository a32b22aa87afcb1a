"""A visitor of the page without a browser: Streamlit's own messages over its websocket, cheap enough for many at once.

It does what the page's script in a browser does: it keeps the elements that were drawn last, runs a fragment again as
often as it was told to, names the messages that it has so that they are not sent twice, and uploads by HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import re
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import urljoin, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from ui.intake import STAGES

Found = TypeVar("Found")
IN_BAR = "Filings"  # the label of the chips that stand in the bar
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that takes what is pressed in a component
LASTING = ("json_value", "string_array_value")
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


@dataclass(frozen=True)
class Card:
    """An answer as the visitor sees it."""

    element_id: str
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def is_whole(self) -> bool:
        return not self.data["working"]

    @property
    def text(self) -> str:
        """Every sentence, or the words of the refusal."""
        sentences = [one["text"] for paragraph in self.data["paragraphs"] for one in paragraph["sentences"]]
        return " ".join(sentences) or str(self.data["refusal"])

    @property
    def problem(self) -> str:
        return str(self.data["problem"])


@dataclass(frozen=True)
class Drawn:
    """An element, and what drew it."""

    run: int
    fragment: str
    element: Element


class Visitor:
    """One session of the page."""

    def __init__(self, socket: ClientConnection, address: str, browser: Browser, query: str) -> None:
        self.session_id = ""
        self.errors: list[str] = []  # exceptions that the page showed
        self.toasts: list[str] = []
        self.sent_to = ""  # where the page sends its visitor to sign in
        self.bytes_read = 0
        self.runs = 0  # of the whole script, ended
        self._socket = socket
        self._address = address
        self.browser = browser
        self._query = query
        self._page = ""  # the hash of the page that is open; the widgets of another one would be forgotten
        self._elements: dict[tuple[int, ...], Drawn] = {}  # by place
        self._run = 0  # the number of the one that draws now, of the whole script or of fragments
        self._messages: dict[str, ForwardMsg] = {}  # those that the server need not send again, by hash
        self._clocks: dict[str, tuple[float, asyncio.Task[None]]] = {}  # by fragment: what runs it again and again
        self._states: dict[str, WidgetState] = {}  # of widgets that keep their value; every message tells all of them
        self._before = 0  # cards, when the last question was typed
        self._uploads: dict[str, Any] = {}
        self._moved = asyncio.Event()
        self._lost = ""
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def arrive(
        cls, address: str, owner: str = "", query: str = "", seconds: float = 60, browser: Browser | None = None
    ) -> Self:
        """Open the page, and wait until it is drawn and the library is open; `owner` is what a browser would keep."""
        browser = browser or Browser()
        await asyncio.to_thread(browser.ask, "GET", address, "/_stcore/health")
        visitor = cls(await _connected(address, browser, seconds), address, browser, query)
        await visitor._send()
        await visitor.until(lambda it: it.runs > 0, "the first run", seconds)
        if owner:
            component = visitor._first("bidi_component", lambda one: one.component_name.endswith("visitor"))
            await visitor._send(WidgetState(id=component.id, json_value=json.dumps({"id": owner})))
        return visitor

    async def come_back(self, seconds: float = 60) -> bool:
        """As a browser does whose connection broke: with the session that it had; whether it is still there."""
        had, runs = self.session_id, self.runs
        self._reading.cancel()
        self._socket.transport.abort()
        self._socket = await _connected(self._address, self.browser, seconds, had)
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

    # What is on the page ----------------------------------------------------------------------------------------------

    @property
    def cards(self) -> list[Card]:
        """The answers from the top to the bottom."""
        components = [one for one in self._all("bidi_component") if one.component_name.endswith("answer")]
        return [Card(one.id, json.loads(one.json)) for one in components]

    @property
    def words(self) -> list[str]:
        """What stands on the page in markdown, from the top to the bottom."""
        return [_plain(one.body) for one in self._all("markdown")]

    @property
    def can_ask(self) -> bool:
        return bool(self._all("chat_input"))

    @property
    def can_add(self) -> bool:
        return bool(self._all("file_uploader"))

    @property
    def buttons(self) -> list[str]:
        return [_plain(one.label) for one in self._all("button")]

    @property
    def chips(self) -> list[str]:
        """The filings that can be chosen; with several companies, with the company's name."""
        return [name for group in self._choices for name in _named(group).values()]

    @property
    def _choices(self) -> list[Any]:
        """The chips of every filing once: a company's own, which is chosen, stand in the bar a second time."""
        groups = [group for group in self._all("button_group") if group.options]
        return [group for group in groups if group.label != IN_BAR] or groups

    def outcome_of(self, name: str) -> str:
        """The line that says what became of a file; '' as long as it is on its way."""
        about = [line for line in self.words if line.startswith(name)]
        return next(
            (line for line in about if not line.startswith(tuple(f"{name}: {on}" for on in STAGES.values()))), ""
        )

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
                raise PageLost(f"{what} did not come within {seconds:.0f} s") from None

    # What the visitor does --------------------------------------------------------------------------------------------

    async def ask(self, question: str, seconds: float = 60) -> Card:
        """Type a question, and wait for the whole answer."""
        await self.type_question(question)
        return await self.answer(question, seconds)

    async def type_question(self, question: str) -> None:
        state = WidgetState(id=self._first("chat_input").id)
        state.chat_input_value.data = question
        self._before = len(self.cards)
        await self._send(state)

    async def answer(self, question: str, seconds: float = 60) -> Card:
        """The card that came since the question was typed, whole; the caller looks whose it is."""

        def last(it: Self) -> Card | None:
            return cards[-1] if len(cards := it.cards) > it._before and cards[-1].is_whole else None

        return await self.until(last, f"the answer to {question!r}", seconds)

    async def choose(self, *chips: str) -> None:
        """Talk about these filings only, named as the page shows them."""
        runs = self.runs
        wanted = [name for name in self.chips if name.endswith(chips)]
        if len(wanted) != len(chips):
            raise PageLost(f"of {chips}, the page offers {wanted} among {self.chips}")
        states = []
        for group in self._choices:
            state = WidgetState(id=group.id)
            state.string_array_value.data.extend(option for option, name in _named(group).items() if name in wanted)
            states.append(state)
        await self._send(*states)
        await self.until(lambda it: it.runs > runs, "the filings to be chosen")

    async def press(self, label: str) -> None:
        await self._send(
            WidgetState(id=self._first("button", lambda one: _plain(one.label) == label).id, trigger_value=True)
        )

    async def deed(self, card: Card, **deed: Any) -> None:
        """Press something on a card: share it, judge it."""
        pressed = json.dumps([{"event": "deed", "value": deed}])
        await self._send(WidgetState(id=EVENTS.format(card.element_id), json_trigger_value=pressed))

    async def upload(self, name: str, content: bytes) -> None:
        """Put a file into the form for filings and send it; what became of it is told on the page later."""
        request = BackMsg()
        request.file_urls_request.request_id = secrets.token_hex(8)
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self.session_id
        await self._send_message(request)
        urls = await self.until(
            lambda it: it._uploads.pop(request.file_urls_request.request_id, None), "an address to upload to"
        )
        await asyncio.to_thread(_put, self.browser, self._address, urls.upload_url, name, content)
        field = self._first("file_uploader")
        info = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
        held = WidgetState(id=field.id, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))
        button = self._first("button", lambda one: one.form_id == field.form_id and one.is_form_submitter)
        await self._send(held, WidgetState(id=button.id, trigger_value=True))

    # Streamlit's messages ---------------------------------------------------------------------------------------------

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
        rerun.context_info.url = f"{self._address}/{'?' * bool(self._query)}{self._query}"
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


def _plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def _named(group: Any) -> dict[str, str]:
    """The options of a group of chips, as the page holds them, and what a visitor calls each."""
    company = "" if group.label == IN_BAR else f"{_plain(group.label)} "
    return {option.content: f"{company}{_plain(option.content).removeprefix(company)}" for option in group.options}


async def _connected(address: str, browser: Browser, seconds: float, session_id: str = "") -> ClientConnection:
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


def _put(browser: Browser, address: str, path: str, name: str, content: bytes) -> None:
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
