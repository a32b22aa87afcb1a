"""Chroma on a server: a real `chroma run` on loopback that comes, goes, and forgets; and the quotas of Chroma Cloud."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from index import chroma_address, remote_store
from index.build import FilingIndex
from index.collection import StoreError
from index.filing import UnusableLibrary
from tests.index.quota_cloud import DATABASE, KEY, TENANT, Cloud, cloud
from tests.index.standins import StandInEncoder, write_filing
from tests.index.test_in_step import statuses
from tests.index.whole import assert_whole
from tests.servers import ChromaServer, chroma

OpenIndex = Callable[..., FilingIndex]


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma(tmp_path_factory.mktemp("server") / "chroma") as server:
        yield server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ChromaServer]:
    """One that this test may stop."""
    with chroma(tmp_path / "server") as server:
        yield server


@pytest.fixture(autouse=True)
def short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_store, "REST", 0.3)


def in_step(index: FilingIndex) -> bool:
    unfinished = index.library.unfinished()
    held = index.library.count_passages() - (index.library.count_passages(unfinished) if unfinished else 0)
    try:
        return index.store.fits(index.library.generation()) and index.store.count() == held
    except StoreError:
        return False


def comes_true(what: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def by_meaning(index: FilingIndex, k: int = 5) -> list[tuple[str, float]]:
    vector = StandInEncoder().encode(["Our customers renew SafePath"])[0]
    return index.nearest(vector, [filing.id for filing in index.library.filings()], k)


def asked_of(index: FilingIndex, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many ids each search had of Chroma."""
    seen: list[int] = []
    real = index.store.query

    def query(*arguments: Any) -> list[str]:
        found = real(*arguments)
        seen.append(len(found))
        return found

    monkeypatch.setattr(index.store, "query", query)
    return seen


def test_a_library_on_a_server_is_whole_and_found_by_others(
    shared_server: ChromaServer, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(chroma_url=shared_server.address)
    assert statuses(index, write_filing(tmp_path, 1), write_filing(tmp_path, 2)) == ["added", "added"]
    assert_whole(index)
    assert in_step(index)
    assert not (tmp_path / "data" / "chroma").exists(), "an embedded one was made too"
    other = open_index(chroma_url=shared_server.address)
    seen = asked_of(other, monkeypatch)
    assert by_meaning(other) == by_meaning(index)
    assert seen
    assert statuses(other, write_filing(tmp_path, 3)) == ["added"]
    assert len(index.library.filings()) == 3
    assert_whole(index)
    index.remove(index.library.filings()[0].id)
    assert_whole(other)
    assert in_step(other)


def test_the_answers_are_those_of_the_embedded_one(
    shared_server: ChromaServer, open_index: OpenIndex, tmp_path: Path
) -> None:
    paths = [write_filing(tmp_path, seed) for seed in range(4)]
    here = open_index(data_dir=tmp_path / "here")
    there = open_index(data_dir=tmp_path / "there", chroma_url=shared_server.address)
    assert statuses(here, *paths) == statuses(there, *paths)
    for k in (1, 5, 40, 1000):
        assert by_meaning(here, k) == by_meaning(there, k)


def test_two_libraries_on_one_server_leave_each_other_alone(
    shared_server: ChromaServer, open_index: OpenIndex, tmp_path: Path
) -> None:
    one = open_index(data_dir=tmp_path / "one", chroma_url=shared_server.address)
    other = open_index(data_dir=tmp_path / "other", chroma_url=shared_server.address)
    one.ingest([write_filing(tmp_path, 1)])
    other.ingest([write_filing(tmp_path, 2), write_filing(tmp_path, 3)])
    for index in (one, other):
        assert in_step(index)
        assert_whole(index)


def test_while_the_server_is_away_the_library_answers_and_takes_in(
    own_server: ChromaServer, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(chroma_url=own_server.address)
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    before = by_meaning(index)
    own_server.stop()
    began = time.monotonic()
    for _ in range(5):
        assert by_meaning(index) == before
    assert time.monotonic() - began < 5
    (outcome,) = index.ingest([write_filing(tmp_path, 3)]).outcomes
    assert outcome.status == "added"
    assert outcome.problem == ""
    assert index.library.unfinished() == []
    assert_whole(index)
    assert_whole(open_index(chroma_url=own_server.address))

    own_server.start()
    seen = asked_of(index, monkeypatch)
    # Without a hand: the next searches see to it that it is filled again, and then it is asked.
    assert comes_true(lambda: bool(by_meaning(index)) and bool(seen) and in_step(index))
    assert_whole(index)
    assert statuses(index, write_filing(tmp_path, 4)) == ["added"]
    assert index.library.unfinished() == []
    assert_whole(index)
    assert in_step(index)


def test_a_server_that_forgot_everything_is_filled_again_without_embedding(
    own_server: ChromaServer, open_index: OpenIndex, tmp_path: Path
) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder, chroma_url=own_server.address)
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    before = by_meaning(index)
    encoder.texts.clear()
    own_server.stop()
    own_server.forget()
    own_server.start()
    assert by_meaning(index) == before
    assert comes_true(lambda: bool(by_meaning(index)) and in_step(index))
    assert by_meaning(index) == before
    assert encoder.texts == []


def test_a_server_that_is_there_and_says_nothing_keeps_nobody_waiting_for_long(
    open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_address, "FIRST_SECONDS", 0.3)
    monkeypatch.setattr(remote_store, "REST", 60.0)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        index = open_index(chroma_url=f"http://127.0.0.1:{mute.getsockname()[1]}")
        began = time.monotonic()
        index.ingest([write_filing(tmp_path, 1)])
        assert len(by_meaning(index)) == 5
        assert time.monotonic() - began < 5


def test_a_server_that_stops_in_the_middle_keeps_nobody_waiting_for_long(
    own_server: ChromaServer, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_address, "SECONDS", 2.0)
    index = open_index(chroma_url=own_server.address)
    index.ingest([write_filing(tmp_path, 1)])
    before = by_meaning(index)
    assert own_server._process is not None
    os.kill(own_server._process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert by_meaning(index) == before
        assert time.monotonic() - began < 8
    finally:
        os.kill(own_server._process.pid, signal.SIGCONT)
    assert comes_true(lambda: by_meaning(index) == before and in_step(index))


@pytest.mark.parametrize("url", ["ftp://x", "no address", "http://", "//:x"])
def test_an_address_that_is_none_is_named(open_index: OpenIndex, url: str) -> None:
    with pytest.raises(UnusableLibrary, match="FOOTNOTE_CHROMA_URL cannot be read"):
        open_index(chroma_url=url)


def test_a_collection_of_a_stranger_is_not_opened(
    own_server: ChromaServer, open_index: OpenIndex, tmp_path: Path
) -> None:
    import chromadb
    from chromadb.utils.embedding_functions import DefaultEmbeddingFunction

    index = open_index(chroma_url=own_server.address)
    name = f"footnote-{index.library.number()}"
    client = chromadb.HttpClient("127.0.0.1", own_server.port)
    client.delete_collection(name)
    client.create_collection(name, embedding_function=DefaultEmbeddingFunction())  # type: ignore[arg-type]
    index.close()
    again = open_index(chroma_url=own_server.address)
    assert statuses(again, write_filing(tmp_path, 1)) == ["added"]
    assert_whole(again)
    assert in_step(again)
    made = client.get_collection(name, embedding_function=None).configuration_json.get("embedding_function") or {}
    assert made.get("type") != "known"


# Chroma Cloud ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def quotas(shared_server: ChromaServer) -> Iterator[Cloud]:
    with cloud(shared_server.address) as stub:
        yield stub


def on_the_cloud(stub: Cloud, **more: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"chroma_url": stub.address, "chroma_tenant": TENANT, "chroma_database": DATABASE}
    return named | {"chroma_api_key": SecretStr(KEY)} | more


def test_the_quotas_of_chroma_cloud_are_kept(
    quotas: Cloud, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(**on_the_cloud(quotas))
    paths = [write_filing(tmp_path, seed, 20) for seed in range(19)]
    long = tmp_path / "long"
    long.mkdir()
    paths.append(write_filing(long, 99, 1500))
    (long / "filings.toml").write_text(f'["concern-99.txt"]\nid = "{"é" * 80}"\n', encoding="utf-8")
    assert set(statuses(index, *paths)) == {"added"}
    assert_whole(index)
    assert in_step(index)
    ids = [filing.id for filing in index.library.filings()]
    seen = asked_of(index, monkeypatch)
    vector = StandInEncoder().encode(["Our customers renew SafePath"])[0]
    exact = open_index(data_dir=tmp_path / "here")
    exact.ingest(paths)
    for scope in (ids, ids[:8], ids[:9], ids[3:], ["é" * 80]):
        for k in (5, 40, 75):
            assert index.nearest(vector, scope, k) == exact.nearest(vector, scope, k)
    assert min(seen) > 0, "Chroma was passed over"
    assert max(quotas.writes) > 100
    assert quotas.refused == []
    assert all("documents" not in one["include"] for one in quotas.queries)


def test_a_cloud_that_lets_nobody_in_is_named_and_its_key_is_not(
    quotas: Cloud,
    open_index: OpenIndex,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = open_index(**on_the_cloud(quotas, chroma_api_key=SecretStr("ck-wrong")))
    (outcome,) = index.ingest([write_filing(tmp_path, 1)]).outcomes
    assert outcome.status == "added"
    assert "the Chroma server 127.0.0.1" in outcome.problem
    assert len(by_meaning(index)) == 5
    assert "lets nobody in; check FOOTNOTE_CHROMA_API_KEY" in caplog.text
    assert "ck-wrong" not in caplog.text + outcome.problem + repr(index.settings)
