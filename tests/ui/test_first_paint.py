"""The first paint waits for no package that it does not need."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.early_styles import NEEDED, STREAMLITS, EarlyStyles, scripts_needed

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "chromadb", "langchain", "openai", "sklearn", "numpy", "sqlalchemy", "pydantic", "pandas", "altair")


def imported_by(modules: list[str], heavy: tuple[str, ...]) -> list[str]:
    """Which of these packages a new Python has loaded once it has imported the modules."""
    code = f"import json, sys, {', '.join(modules)}; print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    heavy_ones: list[str] = json.loads(found.stdout)
    return heavy_ones


@pytest.mark.parametrize("script", ["ui/app.py", "ui/server.py"])
def test_nothing_heavy_is_imported(script: str) -> None:
    tree = ast.parse((ROOT / script).read_text())
    modules = sorted({node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module})
    ours = [module for module in modules if module.startswith("ui.")]
    assert ours
    assert imported_by(ours, HEAVY) == []


def test_a_list_of_filings_needs_the_database_alone() -> None:
    listing = ["ui.terminal", "index.listing"]
    assert imported_by(listing, HEAVY) == ["sqlalchemy", "pydantic"]


def test_a_page_is_drawn_without_what_is_for_tables(tmp_path: Path) -> None:
    """Streamlit looks for tables in what components are given, and would import pandas to do so."""
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "def page():\n"
        "    from ui.components import component\n"
        "    component('drawn', '<i></i>', [])(key='one', data={'blocks': [{'kind': 'text'}], 'title': 'A report'})\n"
        "drawn = AppTest.from_function(page).run(timeout=60).get('bidi_component')\n"
        "print([one.proto.json for one in drawn], 'pandas' in sys.modules)"
    )
    script = tmp_path / "draws.py"
    script.write_text(code)
    found = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert found.stdout.strip() == """['{"blocks": [{"kind": "text"}], "title": "A report"}'] False"""


def test_a_browser_is_told_at_once_of_the_scripts_that_every_page_needs() -> None:
    """The names are Streamlit's, and may change with it: each of them must be found, and be there to be fetched."""
    index = (STREAMLITS.parents[1] / "index.html").read_bytes()
    sent: list[Any] = []

    async def document(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": index})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    asyncio.run(EarlyStyles(document)({"type": "http"}, receive, send))
    head = sent[-1]["body"].decode().partition("</head>")[0]
    links = re.findall(r'<link rel="modulepreload" crossorigin href="\./static/js/([\w.-]+)">', head)
    links = links[-len(scripts_needed()) :]  # Streamlit's own, of what it needs first, come before
    assert {link.split(".")[0] for link in links} >= set(NEEDED)
    assert all((STREAMLITS / link).is_file() for link in links)
