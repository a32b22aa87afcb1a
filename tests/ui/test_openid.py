"""Signing in by OpenID, the whole way: the page, Streamlit, Authlib, and a provider on loopback."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from evals.browsing import Browser
from evals.page_visitor import Visitor
from tests.ui.openid_provider import CLIENT, SECRET, Provider, provider
from tests.ui.running import Running, serving

USER = "_streamlit_user"  # the cookie that says who somebody is
ANN: dict[str, Any] = {"sub": "1", "email": "ann@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def openid() -> Iterator[Provider]:
    pytest.importorskip("authlib", reason="Authlib is not there: pip install -e '.[sign-in]'")
    with provider() as started:
        yield started


@pytest.fixture(scope="module")
def page(openid: Provider, seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A page for whom the provider knows, with one admin."""
    folder = tmp_path_factory.mktemp("openid")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{secrets.token_hex(16)}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{openid.address}/.well-known/openid-configuration"\n'
    )
    settings = {"FOOTNOTE_SIGN_IN": "oidc", "FOOTNOTE_ADMINS": "Ann@example.com", "HOME": str(folder)}
    with serving(folder, seeded_dir, port=port, **settings) as running:
        yield running


async def signed_in(page: Running) -> Browser:
    """A browser, after its visitor pressed Sign in and came back."""
    browser = Browser()
    async with await Visitor.arrive(page.address, browser=browser) as visitor:
        assert not visitor.can_ask, "nothing is seen before"
        await visitor.press("Sign in")
        way = await visitor.until(lambda it: it.sent_to, "the way to the provider")
    await asyncio.to_thread(browser.go, f"{page.address}{way}")
    return browser


async def may(page: Running, browser: Browser) -> tuple[bool, bool]:
    """Whether somebody may ask, and whether they may add filings."""
    async with await Visitor.arrive(page.address, browser=browser) as visitor:
        if USER in browser.cookies and "Sign in" not in visitor.buttons:
            await visitor.until(lambda it: it.can_ask, "the box for questions")
            told = "those who look after this library"
            await visitor.until(lambda it: it.can_add or told in " ".join(it.words), "whether they may add")
        return visitor.can_ask, visitor.can_add


def test_whom_the_provider_knows_is_let_in_and_an_admin_may_add(page: Running, openid: Provider) -> None:
    async def visit() -> None:
        openid.says = ANN
        browser = await signed_in(page)
        assert await may(page, browser) == (True, True)
        openid.says = {"sub": "2", "email": "ben@example.com", "email_verified": True}
        assert await may(page, await signed_in(page)) == (True, False)
        browser.cookies[USER] = browser.cookies[USER][:-3] + "AAA"
        assert await may(page, browser) == (False, False), "a cookie that was changed is nobody's"

    asyncio.run(visit())


def test_an_address_that_nobody_has_verified_makes_no_admin(page: Running, openid: Provider) -> None:
    async def visit() -> None:
        for said in ({"email_verified": False}, {"email_verified": None}):
            openid.says = ANN | said
            assert await may(page, await signed_in(page)) == (True, False)

    asyncio.run(visit())


def test_what_another_has_signed_is_not_believed(
    page: Running, openid: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "signs_with", rsa.generate_private_key(public_exponent=65537, key_size=2048))
    openid.says = ANN
    assert asyncio.run(signed_in_and_may(page)) == (False, False)


async def signed_in_and_may(page: Running) -> tuple[bool, bool]:
    return await may(page, await signed_in(page))
