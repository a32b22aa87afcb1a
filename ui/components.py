"""The page's own components: how their files are put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def component(name: str, html: str, files: Sequence[str]) -> Any:
    """A component of these files, one behind the other: a component is one script and one sheet of styles."""
    sheets, scripts = ([file for file in files if file.endswith(end)] for end in (".css", ".js"))
    return st.components.v2.component(f"footnote_{name}", html=html, css=_joined(sheets), js=_joined(scripts))


def _joined(files: Sequence[str]) -> str | None:
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in files) or None
