"""What strangers send and never hand in: Streamlit keeps each file in memory as long as its session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

UPLOADS = "/_stcore/upload_file/"
OF_ALL = 300_000_000  # bytes, in one process of a demonstration
AROUND_A_FILE = 10_000  # bytes of a form
NO_ROOM = "There is no room for this file now: take back others that you chose, or come again later.\n"


class UploadRoom:
    """The bytes of one process; all that is asked of it is asked by one thread, the server's loop."""

    def __init__(self, of_a_file: int, of_a_session: int, of_all: int = OF_ALL) -> None:
        self._of_a_file = of_a_file
        self._of_a_session = of_a_session
        self._of_all = of_all
        self._coming: Counter[str] = Counter()  # by session, until Streamlit has them

    @contextmanager
    def taking(self, scope: MutableMapping[str, Any]) -> Iterator[str]:
        """Why these bytes are not taken; '' where they are, and count until they are there."""
        session = scope["path"].partition(UPLOADS)[2].partition("/")[0]
        said = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"")
        if not said.isdigit():  # how much that will be nobody knows; a browser says it
            yield NO_ROOM
            return
        size, held = int(said), held_by_session()
        of_session = size + held.get(session, 0) + self._coming[session]
        of_all = size + sum(held.values()) + self._coming.total()
        if size > self._of_a_file + AROUND_A_FILE or of_session > self._of_a_session or of_all > self._of_all:
            yield NO_ROOM
            return
        self._coming[session] += size
        try:
            yield ""
        finally:
            self._coming[session] -= size
            if not self._coming[session]:
                del self._coming[session]


def is_upload(scope: MutableMapping[str, Any]) -> bool:
    return scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]


def held_by_session() -> dict[str, int]:
    """The bytes of files that Streamlit holds for each session."""
    from streamlit.runtime import get_instance

    kept: dict[str, dict[str, Any]] = getattr(get_instance().uploaded_file_mgr, "file_storage", {})
    return {session: sum(len(file.data) for file in list(files.values())) for session, files in list(kept.items())}
