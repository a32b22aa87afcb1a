"""A server that is full lets nobody else in, says so in a sentence, and has room again after somebody left."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from ui.crowd import Crowd
from ui.guard import Guard, page_of_streamlit
from ui.settings import ServerSettings

Message = MutableMapping[str, Any]


async def answered(
    guard: Guard, kind: str, path: str = "/", accept: bytes = b"", address: str = "127.0.0.1"
) -> list[Message]:
    """What a request is answered."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"host", b"localhost"), (b"accept", accept)]
    scope = {"type": kind, "method": "GET", "path": path, "headers": headers, "client": (address, 5000)}
    await guard(scope, receive, send)
    return sent


def page_that_keeps_visitors() -> tuple[asyncio.Event, Any]:
    """A page whose visitors stay until the event is set."""
    leave = asyncio.Event()

    async def page(scope: Message, _receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await leave.wait()
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    return leave, page


def test_when_it_is_full_the_page_says_so_and_who_is_there_stays() -> None:
    leave, page = page_that_keeps_visitors()

    async def visit() -> None:
        guard = Guard(page, ServerSettings(sessions=2), page_of_streamlit())
        guard._crowd = Crowd(2, lingers=0)
        there = [asyncio.create_task(answered(guard, "websocket")) for _ in range(2)]
        await asyncio.sleep(0)
        start, body = await answered(guard, "http", accept=b"text/html,*/*")
        assert start["status"] == 503
        assert b"Too many visitors" in body["body"]
        assert (await answered(guard, "websocket"))[0]["type"] == "websocket.close"
        for path in ("/healthz", "/_stcore/health", "/static/index.js"):
            assert (await answered(guard, "http", path))[0]["status"] == 200, "who is there goes on, who watches, too"
        leave.set()
        assert [sent[0]["type"] for sent in await asyncio.gather(*there)] == ["websocket.accept"] * 2
        assert (await answered(guard, "http", accept=b"text/html"))[0]["status"] == 200

    asyncio.run(visit())


def test_one_visitor_cannot_hold_all_sessions() -> None:
    leave, page = page_that_keeps_visitors()

    async def visit() -> None:
        guard = Guard(page, ServerSettings(sessions=10, visitor_sessions=2), page_of_streamlit())

        def comes(address: str) -> asyncio.Task[list[Message]]:
            return asyncio.create_task(answered(guard, "websocket", address=address))

        there = [comes(address) for address in ("2001:db8::1", "2001:db8::2", *("127.0.0.1",) * 5)]
        await asyncio.sleep(0)
        start, body = await answered(guard, "http", accept=b"text/html", address="2001:db8::3")
        assert start["status"] == 503, "a household chooses the second half of its addresses at will"
        assert b"close some of them" in body["body"]
        assert (await answered(guard, "websocket", address="2001:db8::3"))[0]["type"] == "websocket.close"
        others = await answered(guard, "http", accept=b"text/html", address="203.0.113.7")
        assert others[0]["status"] == 200, "another one still comes in"
        leave.set()
        sent = await asyncio.gather(*there)
        assert all(one[0]["type"] == "websocket.accept" for one in sent), "who comes through this machine may be many"

    asyncio.run(visit())


def test_who_has_gone_counts_as_long_as_their_session_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("ui.crowd.time.monotonic", lambda: now)
    crowd = Crowd(1, lingers=120)
    crowd.comes()
    crowd.goes()
    now += 119
    assert crowd.refusal()
    now += 2
    assert not crowd.refusal()


def test_who_was_refused_takes_no_room() -> None:
    async def page(_scope: Message, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 1008})  # as Streamlit does to a page of somebody else's

    async def visit() -> None:
        guard = Guard(page, ServerSettings(sessions=1), page_of_streamlit())
        for _ in range(3):
            await answered(guard, "websocket")
        assert not guard._crowd.refusal()

    asyncio.run(visit())
