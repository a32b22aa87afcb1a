"""What hosting rests on says the same everywhere: versions, paths, names. The rest is tried by the scripts it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from streamlit.web.server.app_discovery import discover_asgi_app

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)( --hash=sha256:[0-9a-f]{64})?$", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return {found[1]: found[2] for found in PIN.finditer((ROOT / name).read_text(encoding="utf-8"))}


def test_the_image_installs_what_the_tests_ran_with() -> None:
    tested, hashed = pins("constraints.txt"), pins("deploy/requirements.txt")
    assert len(hashed) > 100
    assert hashed.items() <= tested.items()
    lines = [line for line in (ROOT / "deploy/requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(" --hash=sha256:" in line for line in lines)
    assert f"torch=={tested['torch']}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_everything_that_the_page_needs_is_in_the_image() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r'^    "([a-z0-9-]+)[>=]', text.partition("[project.optional-dependencies]")[0], re.MULTILINE)
    assert len(needed) > 15
    assert set(needed) - {"torch"} <= pins("deploy/requirements.txt").keys()


def test_what_the_image_copies_is_there_and_nothing_keeps_it_back() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = {source for line in copied for source in line.split()[:-1]}
    assert sources == allowed
    assert all((ROOT / source).exists() for source in sources)


def test_what_the_servers_need_is_in_the_image() -> None:
    assert {"psycopg-binary", "authlib", "edgartools"} <= pins("deploy/requirements.txt").keys()


def test_in_the_compose_file_two_pages_share_servers_and_only_the_proxy_is_reached() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    pages = services["proxy"]["environment"]["FOOTNOTE_PAGES"].split()
    assert len(pages) == 2
    for name, _, port in (page.partition(":") for page in pages):
        page, settings = services[name], services[name]["environment"]
        assert port in page["expose"]
        assert page["read_only"] is True
        assert page["cap_drop"] == ["ALL"]
        assert settings["FOOTNOTE_DATABASE_URL"].partition("@")[2] == "database/footnote"
        assert settings["FOOTNOTE_CHROMA_URL"] == "http://chroma:8000"
        # Without it the proxy's address would be every visitor's, and one of them could use up what is for each.
        assert settings["FORWARDED_ALLOW_IPS"] == "*"
        assert set(page["networks"]) & set(services["database"]["networks"]) == {"inside"}
    for volume in services["proxy"]["volumes"]:
        source = volume.partition(":")[0]
        assert not source.startswith("./") or (ROOT / source).is_file()


def test_no_password_stands_in_the_compose_file() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    secret = re.findall(r"^ *(\w*(?:PASSWORD|SECRET|TOKEN|KEY|HASH)\w*): (.+)$", text, re.MULTILINE)
    assert len(secret) > 4
    assert all(value.startswith("${") for _, value in secret)
    assert re.search(r"footnote:\$\{FOOTNOTE_DATABASE_PASSWORD:\?.*\}@database", text)


@pytest.mark.parametrize("path", ["ui/server.py", "streamlit_app.py"])
def test_streamlit_finds_the_server_of_our_own(path: str) -> None:
    found = discover_asgi_app(ROOT / path)
    assert found.is_asgi_app
    assert found.app_name == "app"
