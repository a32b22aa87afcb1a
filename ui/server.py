"""The server around the page: Streamlit's own, with a guard before it and three addresses for those who watch over it.

`streamlit run` finds `app` here by reading this file. Nothing heavy is imported: the first paint waits for it.
"""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.starlette import App

from ui.early_styles import EarlyStyles
from ui.guard import Guard, page_of_streamlit
from ui.health import healthz, readyz
from ui.log_lines import write_json
from ui.metrics import metrics
from ui.settings import ServerSettings

settings = ServerSettings.read()
if settings.log_format == "json":
    write_json()

PAGE = Path(__file__).with_name("app.py")
ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
MIDDLEWARE = [Middleware(Guard, settings=settings, page=page_of_streamlit()), Middleware(EarlyStyles)]

app = App(PAGE, routes=ROUTES, middleware=MIDDLEWARE)
