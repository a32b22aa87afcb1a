"""A language model's stream, listened to in a thread of its own: so a stop is heard and silence noticed at once."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from rag.model_failures import ModelFailed, silent

AT_ONCE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)  # linger for 0 seconds
POLL_SECONDS = 0.05  # how often a stop is looked for while nothing comes


@dataclass(frozen=True)
class Piece:
    """What came: some text, and with the last of it why the model ended and what it cost."""

    text: str = ""
    ending: str = ""
    read: int = 0  # tokens
    written: int = 0


@dataclass
class Takes:
    """What of a request an endpoint takes, until it refuses it: not all that is compatible is so to the last field."""

    schema: bool = True
    counting: bool = True


class Line:
    """The line to an endpoint, which another thread can cut: a model that thinks in silence costs as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def opened(self, line: socket.socket) -> None:
        with self._lock:
            self._socket = line
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the other end was first
                    # Reset, not ended in good order: who writes into a line that is full would notice after a minute.
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                    self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads, which closes it


MOST_WAITING = 64  # pieces: one who talks without end is read no faster than he is listened to
Arrived = Piece | Exception | None  # None: the stream has ended


def pieces(
    stream: Callable[[Line], Iterator[Piece]],
    failure: Callable[[Exception, bool], ModelFailed],
    stop: threading.Event,
    silence: float,
    deadline: float,
) -> Generator[Piece, None, None]:
    """The pieces as they come, until the end, a stop, a failure, or silence for too long; then nobody listens on."""
    arrived: queue.Queue[Arrived] = queue.Queue(MOST_WAITING)
    abandoned = threading.Event()
    line = Line()
    threading.Thread(target=_listen, args=(lambda: stream(line), arrived, abandoned), daemon=True).start()
    heard = time.monotonic()
    has_text = False
    is_open = True
    try:
        while not stop.is_set():
            now = time.monotonic()
            if now > deadline or now > heard + silence:
                raise silent(has_text, now - heard)
            try:
                piece = arrived.get(timeout=POLL_SECONDS)
            except queue.Empty:
                yield Piece()  # so that who listens can tell the time as well
                continue
            is_open = not (piece is None or isinstance(piece, Exception))
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise failure(piece, has_text) from None
            if piece.text:  # what only keeps the line open says nothing
                heard, has_text = time.monotonic(), True
            yield piece
    finally:
        abandoned.set()
        if is_open:
            line.cut()


def _listen(stream: Callable[[], Iterator[Piece]], arrived: queue.Queue[Arrived], abandoned: threading.Event) -> None:
    """Read the stream to its end, or until nobody wants it; leaving it hangs up."""

    def hand_on(piece: Arrived) -> None:
        while not abandoned.is_set():
            with contextlib.suppress(queue.Full):
                arrived.put(piece, timeout=POLL_SECONDS)
                return

    try:
        for piece in stream():
            hand_on(piece)
            if abandoned.is_set():
                return
        hand_on(None)
    except Exception as error:
        hand_on(error)
