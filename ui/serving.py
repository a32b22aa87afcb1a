"""Start the page: this process becomes Streamlit's, so that Ctrl-C and kill reach it directly."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from ui.settings import ServerSettings

PORT = 8501
SERVER = Path(__file__).with_name("server.py")


def serve_page(port: int, data_dir: Path | None) -> None:
    """Run the page on a port of this machine; does not return."""
    _must_be_free(port)
    settings = ServerSettings.read()  # what is set wrongly is said here, in one sentence
    root = str(SERVER.parent.parent)
    environment = os.environ | {
        # Streamlit puts ui/ first on the path of its script; the rooms are found one folder above.
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")])),
        # Nobody else on the network reads along, unless the variable says so.
        "STREAMLIT_SERVER_ADDRESS": os.environ.get("STREAMLIT_SERVER_ADDRESS", "localhost"),
    }
    if settings.log_format == "json":
        # ui/log_lines.py makes the whole line; nothing else is to stand in it, or between two of them.
        environment |= {
            "STREAMLIT_LOGGER_MESSAGE_FORMAT": "%(message)s",
            "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true",
        }
    if data_dir is not None:
        environment["FOOTNOTE_DATA_DIR"] = str(data_dir.resolve())
    headless = "true" if _has_no_screen() else "false"
    # -P: a file in the current folder that is named like a package must not be imported in its place.
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(SERVER)]
    options = ["--server.port", str(port), "--server.headless", headless]
    print(f"Footnote is on http://localhost:{port}", flush=True)
    os.execve(sys.executable, [*command, *options], environment)  # noqa: S606  no shell, and our own interpreter


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise ValueError(f"Port {port} may not be used by this account; name one above 1023 with --port.") from None
        except OSError:
            raise ValueError(f"Port {port} is in use; end what runs there, or name another with --port.") from None


def _has_no_screen() -> bool:
    """True where no browser can be opened: in CI, and on a Linux machine without a display."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(os.environ.get("CI")) or (sys.platform.startswith("linux") and not display)
