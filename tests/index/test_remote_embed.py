"""Embeddings from an OpenAI-compatible endpoint, over real HTTP: the same vectors, and what is made of failures."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import FilingIndex
from index.embed import SentenceEncoder
from index.embedding_model import encoder_of
from index.filing import EmbeddingsFailed, UnusableLibrary, Vectors
from index.remote_embed import RemoteEncoder
from index.settings import IndexSettings
from tests.index.embeddings_server import KEY, EmbeddingsServer, serving
from tests.index.standins import StandInEncoder, write_filing
from tests.rag.made_up import BAKERY, write_report

TEXTS = [f"We sell ovens of kind {number} to bakeries." for number in range(50)]
CONCERN = "concern-1-fy2024"  # the id of the filing that is made with seed 1
Serve = Callable[..., EmbeddingsServer]
OpenIndex = Callable[..., FilingIndex]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.remote_embed.FIRST_PAUSE", 0.01)


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda encode=None, **more: stack.enter_context(
            serving(EmbeddingsServer(encode or StandInEncoder().encode, **more))
        )


@pytest.fixture(scope="module")
def real() -> SentenceEncoder:
    encoder = SentenceEncoder()
    encoder.warm_up()  # on a busy machine that takes longer than a request may
    return encoder


def remote(server: EmbeddingsServer, model: str = "some-model", **more: Any) -> RemoteEncoder:
    return RemoteEncoder(model, server.address, KEY, **more)


def first_numbers(dimensions: int) -> Callable[[list[str]], Vectors]:
    """Another model, of fewer dimensions."""
    return lambda texts: StandInEncoder().encode(texts)[:, :dimensions] + np.float32(0.1)


# What it gives --------------------------------------------------------------------------------------------------------


def test_the_vectors_are_those_of_the_model_behind_it_in_order(serve: Serve, real: SentenceEncoder) -> None:
    server = serve(real.encode)
    made = remote(server, batch=7, seconds=300.0).encode([*TEXTS, ""])
    assert made.dtype == np.float32
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert (np.sum(made[:-1] * real.encode(TEXTS), axis=1) > 0.999).all()
    assert len(server.inputs) == 8
    assert max(map(len, server.inputs)) == 7
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


def test_without_a_key_none_is_sent(serve: Serve) -> None:
    server = serve()
    RemoteEncoder("some-model", server.address).encode(["a"])
    assert "authorization" not in server.headers[0]


def test_a_password_in_the_address_goes_into_a_header_and_nowhere_else(serve: Serve) -> None:
    server = serve()
    address = server.address.replace("://", "://me:pass%40word@")
    assert RemoteEncoder("some-model", address).encode(["a"]).shape == (1, 64)
    RemoteEncoder("some-model", address, KEY).encode(["a"])
    basic = b64encode(b"me:pass@word").decode()
    assert [headers["authorization"] for headers in server.headers] == [f"Basic {basic}", f"Bearer {KEY}"]
    assert not any("pass" in headers["host"] for headers in server.headers)


def test_a_filing_is_taken_in_and_found_by_meaning(
    serve: Serve, real: SentenceEncoder, open_index: OpenIndex, tmp_path: Path
) -> None:
    index = open_index(remote(serve(real.encode), seconds=300.0))
    report = write_report(tmp_path, "clean", BAKERY)
    (outcome,) = index.ingest([report]).outcomes
    assert (outcome.status, outcome.problem) == ("added", "")
    (question,) = index.vectors(["How many people work there?"])
    best = index.nearest(question, [str(outcome.filing_id)], 1)[0][0]
    assert "we had 212 employees" in index.passages_named([best])[best].text
    assert index.kept_vectors.made_by() == ("endpoint:some-model", 384)


def test_no_more_is_under_way_than_is_allowed(serve: Serve) -> None:
    server = serve(pause=0.03)
    encoder = remote(server, batch=2, requests=3)
    threads = [threading.Thread(target=encoder.encode, args=(TEXTS[:20],)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.inputs) == 30
    assert 1 < server.most_at_once <= 3


def test_too_many_texts_for_one_request_are_halved(serve: Serve) -> None:
    server = serve(most_texts=5)
    made = remote(server, batch=16).encode(TEXTS)
    assert np.allclose(made, StandInEncoder().encode(TEXTS), atol=1e-6)


# What goes wrong ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(serve: Serve, status: int) -> None:
    server = serve(failures=[(status, {})] * 3)
    assert remote(server).encode(["a"]).shape == (1, 64)
    assert len(server.inputs) == 4


def test_retry_after_is_waited_for(serve: Serve) -> None:
    server = serve(failures=[(429, {"Retry-After": "0.4"})])
    began = time.monotonic()
    remote(server).encode(["a"])
    assert time.monotonic() - began >= 0.4


def must_fail(encoder: RemoteEncoder, texts: list[str] | None = None) -> str:
    with pytest.raises(EmbeddingsFailed) as failed:
        encoder.encode(texts or ["a"])
    said = str(failed.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert KEY not in said + repr(failed.value.__cause__)
    return said


def test_what_does_not_pass_ends_after_a_few_attempts(serve: Serve) -> None:
    server = serve(failures=[(503, {})] * 1000)
    assert "failed (503). 5 attempts" in must_fail(remote(server, requests=1), TEXTS)
    assert len(server.inputs) <= 10, "the other batches give up as well"


@pytest.mark.parametrize(
    ("status", "named"), [(401, "refused the key"), (404, "FOOTNOTE_EMBEDDING_MODEL"), (301, "refused the request")]
)
def test_what_will_not_pass_is_said_at_once(serve: Serve, status: int, named: str) -> None:
    elsewhere = serve()
    server = serve(failures=[(status, {"Location": f"{elsewhere.address}/embeddings"})])
    assert named in must_fail(remote(server))
    assert len(server.inputs) == 1
    assert elsewhere.inputs == []


def test_an_endpoint_that_is_not_there() -> None:
    assert "cannot be reached" in must_fail(RemoteEncoder("some-model", "http://127.0.0.1:9/v1", KEY))
    assert "its address" in must_fail(RemoteEncoder("some-model", "nothing", KEY))


def test_one_that_never_answers_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.remote_embed.ATTEMPTS", 2)
    assert "cannot be reached" in must_fail(remote(serve(pause=2), seconds=0.2))


NO_EMBEDDINGS: dict[str, Callable[[Any], Any]] = {
    "no JSON": lambda answer: b"<html>Welcome</html>",
    "something else": lambda answer: {"choices": []},
    "a list": lambda answer: [],
    "one too few": lambda answer: answer | {"data": answer["data"][1:]},
    "no number": lambda answer: answer | {"data": [row | {"embedding": ["x"]} for row in answer["data"]]},
    "not finite": lambda answer: answer | {"data": [row | {"embedding": [float("nan")]} for row in answer["data"]]},
    "of no length": lambda answer: answer | {"data": [row | {"embedding": [0.0, 0.0]} for row in answer["data"]]},
    "of several lengths": lambda answer: (
        answer | {"data": [row | {"embedding": [1.0] * (2 + row["index"])} for row in answer["data"]]}
    ),
}


@pytest.mark.parametrize("change", NO_EMBEDDINGS.values(), ids=NO_EMBEDDINGS)
def test_what_are_no_embeddings_is_said(serve: Serve, change: Callable[[Any], Any]) -> None:
    assert "gives no embeddings" in must_fail(remote(serve(change=change)), ["a", "b"])


def test_the_key_and_the_password_are_in_no_repr() -> None:
    settings = IndexSettings(embedding_base_url="http://me:password@localhost/v1", embedding_model="m")
    settings = settings.model_copy(update={"embedding_api_key": KEY})
    for shown in (repr(settings), str(settings), repr(RemoteEncoder("m", "http://me:password@localhost/v1", KEY))):
        assert KEY not in shown
        assert "password" not in shown


# One model a library --------------------------------------------------------------------------------------------------


def test_what_cannot_be_embedded_is_there_by_its_words_and_made_up_later(
    serve: Serve, open_index: OpenIndex, tmp_path: Path
) -> None:
    server = serve(failures=[(401, {})])
    index = open_index(remote(server))
    (outcome,) = index.ingest([write_filing(tmp_path, 1)]).outcomes
    assert outcome.status == "added"
    assert "by its words but not by meaning: The embeddings at 127.0.0.1 refused the key" in outcome.problem
    assert "report it" not in outcome.problem
    assert index.matching(["employees"], [str(outcome.filing_id)], 1)
    index.embed_unfinished()
    assert index.library.unfinished() == []


def test_another_model_is_refused_until_the_library_is_rebuilt(
    serve: Serve, open_index: OpenIndex, tmp_path: Path
) -> None:
    server = serve()
    index = open_index(remote(server))
    index.ingest([write_filing(tmp_path, seed) for seed in (1, 2)])
    text = index.library.text(CONCERN)
    index.close()
    other = serve(first_numbers(32))
    with pytest.raises(UnusableLibrary, match=r"were embedded with endpoint:some-model, and now endpoint:other .*`foo"):
        open_index(remote(other, "other"))
    settings = IndexSettings(data_dir=tmp_path / "data")
    rebuilt = FilingIndex(settings, remote(other, "other"), rebuild=True)
    assert rebuilt.standing().unfinished == 2
    assert rebuilt.matching(["employees"], [CONCERN], 1), "by words at once"
    rebuilt.embed_unfinished()
    must_be_whole(rebuilt, 2)
    assert rebuilt.library.text(CONCERN) == text
    assert rebuilt.kept_vectors.made_by() == ("endpoint:other", 32)
    rebuilt.close()
    must_be_whole(open_index(remote(other, "other")), 2)


def must_be_whole(index: FilingIndex, filings: int) -> None:
    there = index.standing()
    assert (there.filings, there.unfinished, there.is_whole_by_meaning) == (filings, 0, True)
    assert there.passages_by_word == there.passages
    (question,) = index.vectors(["employees"])
    assert len(index.nearest(question, [CONCERN], 3)) == 3


def test_another_model_behind_the_same_name_is_noticed(serve: Serve, open_index: OpenIndex, tmp_path: Path) -> None:
    server = serve()
    index = open_index(remote(server))
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    server.encode = first_numbers(32)
    changed = open_index(remote(server))
    with pytest.raises(EmbeddingsFailed, match=r"64 dimensions, and endpoint:some-model now gives 32.*rebuild"):
        changed.vectors(["Who works there?"])
    (outcome,) = changed.ingest([write_filing(tmp_path, 2)]).outcomes
    assert "64 dimensions" in outcome.problem
    changed.close()
    rebuilt = FilingIndex(IndexSettings(data_dir=tmp_path / "data"), remote(server), rebuild=True)
    rebuilt.embed_unfinished()
    must_be_whole(rebuilt, 2)
    rebuilt.close()


def test_a_change_while_it_runs_is_noticed(serve: Serve) -> None:
    server = serve()
    encoder = remote(server)
    encoder.encode(["a"])
    server.encode = first_numbers(32)
    assert "had 64 dimensions and now have 32" in must_fail(encoder)


def test_a_rebuild_whose_model_does_not_answer_changes_nothing(
    serve: Serve, open_index: OpenIndex, tmp_path: Path
) -> None:
    server = serve()
    index = open_index(remote(server))
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    dead = serve(failures=[(401, {})] * 9)
    with pytest.raises(EmbeddingsFailed):
        FilingIndex(IndexSettings(data_dir=tmp_path / "data"), remote(dead, "other"), rebuild=True)
    must_be_whole(open_index(remote(server)), 1)


def test_a_library_that_was_rebuilt_with_its_own_model_embeds_nothing(
    serve: Serve, open_index: OpenIndex, tmp_path: Path
) -> None:
    server = serve()
    index = open_index(remote(server))
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    asked = len(server.inputs)
    rebuilt = FilingIndex(IndexSettings(data_dir=tmp_path / "data"), remote(server), rebuild=True)
    rebuilt.embed_unfinished()
    assert len(server.inputs) == asked + 1, "one text, to see that the model is there"
    must_be_whole(rebuilt, 1)
    rebuilt.close()


def test_an_emptied_library_takes_any_model(serve: Serve, open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index(remote(serve()))
    index.ingest([write_filing(tmp_path, 1)])
    index.remove(CONCERN)
    index.close()
    other = open_index(remote(serve(first_numbers(32)), "other"))
    other.ingest([write_filing(tmp_path, 1)])
    must_be_whole(other, 1)


def test_the_settings_choose_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(encoder_of(IndexSettings()), SentenceEncoder)
    monkeypatch.setenv("FOOTNOTE_EMBEDDING_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(UnusableLibrary, match="FOOTNOTE_EMBEDDING_MODEL"):
        encoder_of(IndexSettings())
    monkeypatch.setenv("FOOTNOTE_EMBEDDING_MODEL", "bge-small")
    assert encoder_of(IndexSettings()).name == "endpoint:bge-small"
