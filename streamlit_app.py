"""Where Streamlit Community Cloud begins: it runs this file, and its disk is empty each time it starts.

Elsewhere `footnote serve` is the way; docs/hosting.md has both.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from streamlit.starlette import App

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from ui.server import MIDDLEWARE, PAGE, ROUTES  # noqa: E402  found only once the path is set
from ui.warming import shared_warming  # noqa: E402


def take_seeds_in() -> None:
    """The three filings that ship, by the assistant that the page uses: a second model would not fit into memory."""
    warming = shared_warming()
    warming.begin()
    while not warming.wait(60):
        pass
    if warming.assistant and not warming.problem:
        warming.assistant.ingest(sorted((HERE / "seeds").glob("*.txt")))


# Streamlit finds the app by reading this file, so it has to be made here in so many words.
app = App(PAGE, routes=ROUTES, middleware=MIDDLEWARE)
Thread(target=take_seeds_in, name="seeds", daemon=True).start()
