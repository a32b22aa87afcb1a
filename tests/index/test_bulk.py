"""Taking in with a real Ray on this machine: the library is the one that would be there without it, kills included."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.build import FilingIndex
from index.bulk import CorpusStopped, take_in_corpus
from index.embed import vector_key
from index.filing import Outcome, Progress
from index.ray_engine import NoRay, ray_running
from index.settings import IndexSettings
from tests.index.embeddings_server import EmbeddingsServer, serving
from tests.index.standins import StandInEncoder, write_filing
from tests.index.whole import assert_chroma_is_in_step, assert_whole
from tests.rag.made_up import BAKERY
from tests.ray_processes import end, listening_beyond_this_machine, offspring
from tests.servers import PostgresServer, chroma

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "smith-micro-fy2021.txt"
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not there: pip install -e '.[scale]'"
)
Open = Callable[..., FilingIndex]


@pytest.fixture(scope="module")
def ray() -> Iterator[None]:
    """One Ray for the tests of this file; what it left running is ended by its ids."""
    started: set[int] = set()
    with ray_running():
        started |= offspring(os.getpid())
        yield
        started |= offspring(os.getpid())
    assert not end({one for one in started if one not in offspring(os.getpid())}), "Ray left processes running"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    """The embedding model that Ray's processes ask: cheap, and it knows every text that it was asked for."""
    with serving(EmbeddingsServer(StandInEncoder().encode)) as told:
        monkeypatch.setenv("FOOTNOTE_EMBEDDING_BASE_URL", told.address)
        monkeypatch.setenv("FOOTNOTE_EMBEDDING_MODEL", "some-model")
        yield told


@pytest.fixture
def open_at(tmp_path: Path) -> Iterator[Open]:
    """An index with the model that the settings name, in a folder of this test's."""
    opened: list[FilingIndex] = []

    def open_it(name: str = "bulk") -> FilingIndex:
        opened.append(FilingIndex(IndexSettings(data_dir=tmp_path / name, least_free_bytes=0)))
        return opened[-1]

    yield open_it
    for index in opened:
        index.close()


def asked(server: EmbeddingsServer) -> list[str]:
    return [text for texts in server.inputs for text in texts]


def told(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str | None, str, str]]:
    return [(one.path.name, one.filing_id, one.status, one.problem) for one in outcomes]


def assert_alike(one: FilingIndex, other: FilingIndex, tolerance: float = 0.0) -> None:
    """Text, sections, passages and vectors."""
    assert one.library.filings() == other.library.filings()
    for filing in one.library.filings():
        assert one.library.text(filing.id) == other.library.text(filing.id)
        assert one.library.sections(filing.id) == other.library.sections(filing.id)
        assert one.library.passages(filing.id) == other.library.passages(filing.id)
    assert one.library.passage_keys() == other.library.passage_keys()
    keys = {key for _, key in one.library.passage_keys().values()}
    vectors, others = one.kept_vectors.of(keys), other.kept_vectors.of(keys)
    assert set(vectors) == set(others) == keys
    assert max(float(np.abs(vectors[key] - others[key]).max()) for key in keys) <= tolerance


def of_one_name(folder: Path) -> list[Path]:
    """Two files that hold other words and would have one id, the longer one first."""
    made = []
    for name, text in (("first", BAKERY * 20), ("second", BAKERY)):
        (folder / name).mkdir()
        made.append(folder / name / "ovens.txt")
        made[-1].write_text(text, encoding="utf-8")
    return made


@needs_ray
def test_the_library_and_the_report_are_those_of_the_ordinary_way(
    ray: None, server: EmbeddingsServer, open_at: Open, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    empty = papers / "empty.txt"
    empty.touch()
    page = papers / "page.htm"
    page.write_text("<html><body>" + "".join(f"<p>{line}</p>" for line in BAKERY.split("\n")) + "</body></html>")
    first, again = write_filing(papers, 1), papers / "again.txt"
    again.write_bytes(first.read_bytes())
    odd = Path(os.fsdecode(os.fsencode(papers) + b"/odd-\xff.txt"))
    odd.write_bytes(write_filing(papers, 2).read_bytes().replace(b"Concern 2", b"Concern 7"))
    paths = [first, empty, again, page, papers / "absent.txt", *of_one_name(papers), odd, write_filing(papers, 3, 300)]
    plain, bulk = open_at("plain"), open_at()
    expected = told(plain.ingest(paths).outcomes)
    statuses = [status for _, _, status, _ in expected]
    assert statuses == "added refused unchanged added refused added added added added".split()
    before = len(asked(server))
    said: list[Progress] = []
    assert told(take_in_corpus(bulk, paths, said.append).outcomes) == expected
    assert [(one.stage, one.done, one.total) for one in said if one.stage == "read"][-1] == ("read", 9, 9)
    assert [(one.done, one.total) for one in said if one.stage == "embed"] == [(done, 6) for done in range(1, 7)]
    assert_alike(bulk, plain)
    assert_whole(bulk)
    assert_chroma_is_in_step(bulk)
    texts = asked(server)[before:]
    assert len(texts) == len(set(texts)), "a text was embedded twice"

    # Again, with one that is new: the others are known, and nothing of them is embedded.
    fresh = write_filing(papers, 4)
    before = len(asked(server))
    report = take_in_corpus(bulk, [*paths, fresh])
    assert [one.status for one in report.outcomes] == [
        *("unchanged" if one == "added" else one for one in statuses),
        "added",
    ]
    new = asked(server)[before:]
    assert new
    assert not set(new) & set(texts)
    assert_whole(bulk)


@needs_ray
def test_the_model_that_ships_gives_the_vectors_it_gives_without_ray(
    ray: None, open_at: Open, seeded_dir: Path
) -> None:
    plain, bulk = FilingIndex(IndexSettings(data_dir=seeded_dir)), open_at()
    (outcome,) = take_in_corpus(bulk, [SEED]).outcomes
    assert (outcome.status, outcome.problem) == ("added", "")
    keys = {key for filing_id, key in plain.library.passage_keys().values() if filing_id == outcome.filing_id}
    mine, theirs = bulk.kept_vectors.of(keys), plain.kept_vectors.of(keys)
    assert set(mine) == keys
    assert max(float(np.abs(mine[key] - theirs[key]).max()) for key in keys) < 1e-3
    vector = plain.encoder.encode(["Who are the largest customers?"])[0]
    scope = [str(outcome.filing_id)]
    found, expected = bulk.nearest(vector, scope, 5), plain.nearest(vector, scope, 5)
    assert [passage_id for passage_id, _ in found] == [passage_id for passage_id, _ in expected]
    # Ids alone: how rare a word is depends on what else a library holds, and the other one has more.
    by_words = [[passage_id for passage_id, _ in one.matching(["customers"], scope, 5)] for one in (bulk, plain)]
    assert by_words[0] == by_words[1]
    assert by_words[0]
    plain.close()


@needs_ray
def test_where_the_model_fails_it_is_said_and_made_up_the_next_time(
    ray: None, server: EmbeddingsServer, open_at: Open, tmp_path: Path
) -> None:
    server.failures = [(401, {})] * 100
    index, path = open_at(), write_filing(tmp_path, 1)
    (outcome,) = take_in_corpus(index, [path]).outcomes
    assert outcome.status == "added"
    assert "can be asked by its words but not by meaning" in outcome.problem
    server.failures = []
    assert told(take_in_corpus(index, [path]).outcomes) == [(path.name, outcome.filing_id, "unchanged", "")]
    assert index.library.unfinished() == []
    assert_whole(index)


@needs_ray
@pytest.mark.timeout(480)
def test_a_killed_one_is_taken_up_and_nothing_that_was_kept_is_embedded_again(
    ray: None, server: EmbeddingsServer, open_at: Open, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    paths = [write_filing(papers, number, 200) for number in range(6)]
    server.pause = 0.2
    command = [sys.executable, "-m", "ui.terminal", "ingest", "--engine", "ray", str(papers)]
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(tmp_path / "bulk")}
    for name in ("RAY_AUTH_TOKEN", "RAY_ADDRESS"):
        environment.pop(name, None)
    with (tmp_path / "said").open("wb") as said:
        victim = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    until = time.monotonic() + 200
    while len(server.inputs) < 20:
        assert victim.poll() is None, (tmp_path / "said").read_text()
        assert time.monotonic() < until, "nothing is embedded"
        time.sleep(0.05)
    its_own = offspring(victim.pid)
    beyond = listening_beyond_this_machine(its_own | {victim.pid})
    victim.kill()
    victim.wait(30)
    end(its_own)
    assert its_own
    assert beyond == [], "Ray can be reached from other machines"
    server.pause = 0.0
    time.sleep(0.5)  # what was still being asked

    index = open_at()
    assert_whole(index)
    with index.library.engine.connect() as connection:
        held = {row.key for row in connection.exec_driver_sql("SELECT key FROM vectors")}
    assert held, "it was killed before anything was kept"
    assert index.library.unfinished(), "it was killed too late"
    first = asked(server)
    report = take_in_corpus(index, paths)
    assert {one.status for one in report.outcomes} <= {"added", "unchanged"}
    assert [one.problem for one in report.outcomes] == [""] * len(paths)
    assert len({one.filing_id for one in report.outcomes}) == len(index.library.filings()) == len(paths)
    assert index.library.unfinished() == []
    assert_whole(index)
    assert_chroma_is_in_step(index)
    second = asked(server)[len(first) :]
    assert not held & {vector_key(index.encoder.name, text) for text in second}, "what was kept was embedded again"
    assert len(set(second)) == len(second)
    lost = len(set(first) & set(second))
    print(f"{len(first)} texts were embedded before the kill, {lost} of them were not kept")


@needs_ray
def test_it_fills_postgresql_and_a_chroma_server_too(
    ray: None,
    server: EmbeddingsServer,
    open_at: Open,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = [write_filing(tmp_path, number) for number in range(2)]
    plain = open_at("plain")
    plain.ingest(paths)
    with chroma(tmp_path / "chroma") as vectors:
        monkeypatch.setenv("FOOTNOTE_DATABASE_URL", postgres_server.new_library())
        monkeypatch.setenv("FOOTNOTE_CHROMA_URL", vectors.address)
        far = open_at()
        assert [one.status for one in take_in_corpus(far, paths).outcomes] == ["added", "added"]
        assert_alike(far, plain)
        assert far.store.far_away
        assert far.store.count() == far.library.count_passages()
        assert_whole(far)


def test_without_the_extra_it_is_said_how_to_get_it(
    server: EmbeddingsServer, open_at: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not there
    index = open_at()
    with pytest.raises(NoRay, match=r"pip install 'footnote-filings\[scale\]'"):
        take_in_corpus(index, [write_filing(tmp_path, 1)])
    assert index.library.filings() == []


@needs_ray
def test_a_model_that_the_settings_do_not_name_is_not_used(ray: None, open_index: Open, tmp_path: Path) -> None:
    index = open_index(StandInEncoder())
    with pytest.raises(CorpusStopped, match="the embedding model that the settings name"):
        take_in_corpus(index, [write_filing(tmp_path, 1)])
    assert index.library.filings() == []
