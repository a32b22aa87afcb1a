"""The page's own components: how their files are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def component(name: str, html: str, files: Sequence[str]) -> Callable[..., Any]:
    """What draws a component of these files, one behind the other: a component is one script and one sheet."""
    sheets, scripts = ([file for file in files if file.endswith(end)] for end in (".css", ".js"))
    mount = st.components.v2.component(f"footnote_{name}", html=html, css=_joined(sheets), js=_joined(scripts))

    def draw(*, key: str, data: dict[str, Any], **listeners: Any) -> Any:
        return mount(key=key, data={name: _no_table(value) for name, value in data.items()}, **listeners)

    return draw


def _no_table(value: Any) -> Any:
    """A list as a tuple, the same to the browser: Streamlit imports pandas to see whether a list is a table."""
    return tuple(value) if isinstance(value, list) else value


def _joined(files: Sequence[str]) -> str | None:
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in files) or None
