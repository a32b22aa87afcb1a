"""Library, Chroma and full text stay in step: when filings come and go, with other processes, and through damage."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.build import FilingIndex
from index.embed import vector_key
from index.filing import IngestReport, Progress, UnusableLibrary
from index.store import PassageStore
from tests.index.processes import forked, open_and_close
from tests.index.standins import StandInEncoder, filing_text, write_filing
from tests.index.whole import assert_chroma_is_in_step, assert_whole

OpenIndex = Callable[..., FilingIndex]
WORKER = Path(__file__).parent / "worker.py"


def statuses(index: FilingIndex, *paths: Path) -> list[str]:
    return [outcome.status for outcome in index.ingest(paths).outcomes]


def run_worker(data_dir: Path, *paths: Path) -> subprocess.Popen[str]:
    """Another process that takes these files in."""
    command = [sys.executable, str(WORKER), str(data_dir), *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(worker: subprocess.Popen[str]) -> list[list[str]]:
    """What it said: one [file, status, id or problem] a file."""
    out, err = worker.communicate(timeout=120)
    assert worker.returncode == 0, err
    return [line.split("\t") for line in out.splitlines()]


# Adding and removing --------------------------------------------------------------------------------------------------


def test_a_filing_taken_in_is_whole_and_found(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    assert statuses(index, write_filing(tmp_path, 1), write_filing(tmp_path, 2)) == ["added", "added"]
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_the_same_bytes_again_cost_nothing(open_index: OpenIndex, tmp_path: Path) -> None:
    path = write_filing(tmp_path, 1)
    index = open_index()
    index.ingest([path])
    generation, state = index.library.generation(), index.store.state()
    index.close()
    encoder = StandInEncoder()
    again = open_index(encoder)
    copied = shutil.copy(path, tmp_path / "under-another-name.txt")
    assert statuses(again, path, Path(copied), path) == ["unchanged"] * 3
    assert encoder.texts == []
    assert (again.library.generation(), again.store.state()) == (generation, state)


def test_the_same_file_twice_in_one_go_is_taken_in_once(open_index: OpenIndex, tmp_path: Path) -> None:
    path = write_filing(tmp_path, 1)
    index = open_index()
    assert statuses(index, path, path) == ["added", "unchanged"]
    assert_whole(index)


def test_other_bytes_under_the_same_id_lose_neither(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    ids = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "filings.toml").write_text('["report.txt"]\nid = "the-report"\n', encoding="utf-8")
        (folder / "report.txt").write_text(filing_text(seed), encoding="utf-8")
        ids.append(index.ingest([folder / "report.txt"]).outcomes[0].filing_id)
    assert ids[0] == "the-report"
    assert ids[1] == f"the-report-{index.library.filing(str(ids[1])).sha256[:8]}"
    assert index.library.text("the-report") != index.library.text(str(ids[1]))
    assert_whole(index)


def test_what_is_removed_is_found_no_more_and_comes_back_for_nothing(open_index: OpenIndex, tmp_path: Path) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    first, second = write_filing(tmp_path, 1), write_filing(tmp_path, 2)
    gone = index.ingest([first, second]).outcomes[0].filing_id
    assert gone
    index.remove(gone)
    assert [filing.id for filing in index.library.filings()] == [index.ingest([second]).outcomes[0].filing_id]
    assert_whole(index)
    assert_chroma_is_in_step(index)
    assert index.matching(["company"], [gone], 10) == []
    assert index.nearest(encoder.encode(["company"])[0], [gone], 10) == []
    encoder.texts.clear()
    assert statuses(index, first) == ["added"]
    assert encoder.texts == []
    assert_whole(index)


def test_removing_what_is_not_there_says_so(open_index: OpenIndex) -> None:
    with pytest.raises(KeyError, match="No filing 'nothing' in the library"):
        open_index().remove("nothing")


def test_searches_keep_to_the_filings_they_are_asked_for(open_index: OpenIndex, tmp_path: Path) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    outcomes = index.ingest([write_filing(tmp_path, seed) for seed in range(3)]).outcomes
    vector = encoder.encode(["Our customers renew"])[0]
    for outcome in outcomes:
        assert outcome.filing_id
        found = [*index.nearest(vector, [outcome.filing_id], 5), *index.matching(["customers"], [outcome.filing_id], 5)]
        assert found
        assert all(passage_id.startswith(f"{outcome.filing_id}:") for passage_id, _ in found)
    assert index.nearest(vector, [], 5) == []
    assert index.matching(["customers"], [], 5) == []


def test_hundreds_of_equal_passages_hide_no_other(open_index: OpenIndex, tmp_path: Path) -> None:
    """'None.' stands under the same item in every filing; Chroma's graph falls apart over too many equal vectors."""
    encoder = StandInEncoder()
    index = open_index(encoder)
    repeating = tmp_path / "repeating.txt"
    repeating.write_text(filing_text(99) + "x" * 320 * 500, encoding="utf-8")
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2), repeating, write_filing(tmp_path, 3)])
    missed = 0
    for filing in index.library.filings():
        passages = index.library.passages(filing.id)[:12]
        for vector in index.vectors([passage.embedded_text for passage in passages]):
            cosines = np.sort(index.vectors([one.embedded_text for one in index.library.passages(filing.id)]) @ vector)
            near = index.library.vector_keys(index.store.query(vector, [filing.id], 3))
            found = np.sort([held @ vector for held in index.kept_vectors.of(near.values()).values()])
            missed += not np.allclose(found[-3:], cosines[-3:], atol=1e-5)
    assert missed <= 1  # its search is approximate; of equal vectors as they are it misses a third


@pytest.mark.parametrize("k", [0, 1, 7, 10_000, 1_000_000])
def test_any_number_may_be_asked_for(open_index: OpenIndex, tmp_path: Path, k: int) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    filing_id = index.ingest([write_filing(tmp_path, 1)]).outcomes[0].filing_id
    state = index.store.state()
    assert filing_id
    assert len(index.nearest(encoder.encode(["customers"])[0], [filing_id], k)) == min(
        k, index.library.count_passages()
    )
    assert len(index.matching(["customers", "company"], [filing_id], k)) <= k
    assert index.store.state() == state, "the store was made anew for nothing"


@pytest.mark.parametrize(
    "words",
    [[], [""], ['"'], ["NEAR(", "AND", "OR", "NOT", "*", "^", "-"], ["customers'; DROP TABLE words"], ["\0", "²", "_"],
     ["\ud800"], ["word"] * 5_000, [f"word{number}" for number in range(5_000)], ["x" * 100_000]],
    ids=lambda words: repr(words)[:30],
)  # fmt: skip
def test_no_words_upset_the_search(open_index: OpenIndex, tmp_path: Path, words: list[str]) -> None:
    index = open_index()
    filing_id = index.ingest([write_filing(tmp_path, 1)]).outcomes[0].filing_id
    assert filing_id
    index.matching(words, [filing_id], 5)
    assert index.matching([*words, "customers"], [filing_id], 5)


def test_progress_is_told_file_by_file_and_part_by_part(open_index: OpenIndex, tmp_path: Path) -> None:
    told: list[Progress] = []
    open_index().ingest([write_filing(tmp_path, 1, 200), write_filing(tmp_path, 1, 200)], told.append)
    stages = [one.stage for one in told if one.stage != "embed"]
    assert stages == ["read", "listed", "read", "done", "store", "done"]
    embedded = [(one.done, one.total) for one in told if one.stage == "embed"]
    assert embedded[0][0] == 0
    assert embedded[-1][0] == embedded[-1][1] > 0
    assert embedded == sorted(embedded)


@pytest.mark.parametrize("stage", ["read", "listed", "embed", "store"])
def test_an_exception_of_whoever_watches_leaves_nothing_half_stored(
    open_index: OpenIndex, tmp_path: Path, stage: str
) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            raise KeyboardInterrupt

    index = open_index()
    path = write_filing(tmp_path, 1)
    with pytest.raises(KeyboardInterrupt):
        index.ingest([path], stop)
    assert len(index.library.filings()) == (stage != "read")  # what was read is not lost
    assert_whole(index)
    assert statuses(index, path) == ["added" if stage == "read" else "unchanged"]
    assert index.library.unfinished() == []
    assert_whole(index)
    assert_chroma_is_in_step(index)


# Asking before everything is embedded ---------------------------------------------------------------------------------


def filing_with_items(folder: Path) -> Path:
    path = folder / "concern.txt"
    rest = filing_text(2, 300).removeprefix("Item 1. BUSINESS")
    path.write_text(f"{filing_text(1, 100)}\nItem 7. Management's Discussion and Analysis\n{rest}", encoding="utf-8")
    return path


def test_a_filing_is_asked_by_words_once_listed_and_by_meaning_as_it_is_embedded(
    open_index: OpenIndex, tmp_path: Path
) -> None:
    index = open_index()
    seen: list[tuple[str, int, int]] = []

    def ask(progress: Progress) -> None:
        if progress.stage in ("listed", "embed", "done"):
            ids = [progress.filing_id]
            vector = StandInEncoder().encode(["Our customers renew"])[0]
            seen.append(
                (progress.stage, len(index.matching(["customers"], ids, 5)), len(index.nearest(vector, ids, 10_000)))
            )

    index.ingest([filing_with_items(tmp_path)], ask)
    assert all(by_words == 5 for _, by_words, _ in seen)
    by_meaning = [found for _, _, found in seen]
    assert by_meaning[0] == 0
    assert by_meaning == sorted(by_meaning)
    assert len(set(by_meaning)) > 3
    assert by_meaning[-1] == index.library.count_passages()


def test_what_a_summary_asks_for_is_embedded_first(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    first_of_rest: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.stage == "embed":
            passages = index.library.passages(progress.filing_id)
            keys = [vector_key("stand-in", passage.embedded_text) for passage in passages]
            held = index.kept_vectors.of(keys)
            items = {passage.item for passage, key in zip(passages, keys, strict=True) if key in held}
            if items == {"1", "7"}:
                business = [key for passage, key in zip(passages, keys, strict=True) if passage.item == "1"]
                first_of_rest.append(sum(key not in held for key in business))

    index.ingest([filing_with_items(tmp_path)], watch)
    assert first_of_rest
    assert first_of_rest[0] == 0


def test_a_filing_removed_while_it_is_embedded_stays_away(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()

    def remove(progress: Progress) -> None:
        if progress.stage == "embed" and progress.done == progress.total:
            index.remove(progress.filing_id)

    index.ingest([write_filing(tmp_path, 1)], remove)
    assert index.library.filings() == []
    assert_whole(index)
    assert_chroma_is_in_step(index)
    assert statuses(index, write_filing(tmp_path, 1)) == ["added"]
    assert_whole(index)


def test_two_threads_embed_no_text_twice(open_index: OpenIndex, tmp_path: Path) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    halves = [[write_filing(tmp_path, 10 * half + seed, 200) for seed in range(3)] for half in (0, 1)]
    threads = [threading.Thread(target=index.ingest, args=(paths,)) for paths in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert index.library.unfinished() == []
    assert len(index.library.filings()) == 6
    assert len(encoder.texts) == len(set(encoder.texts))
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_who_wants_a_summary_waits_no_longer_than_for_what_it_needs(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    held: list[bool] = []

    def summarise(filing_id: str) -> None:
        index.await_business(filing_id)
        business = [passage for passage in index.library.passages(filing_id) if passage.item == "1"]
        keys = {vector_key("stand-in", passage.embedded_text) for passage in business}
        held.append(set(index.kept_vectors.of(keys)) == keys)
        held.append(bool(index.library.unfinished()))

    waiting: list[threading.Thread] = []

    def watch(progress: Progress) -> None:
        if progress.stage == "embed" and not progress.done:
            waiting.append(threading.Thread(target=summarise, args=(progress.filing_id,)))
            waiting[0].start()
        if progress.stage == "store":
            waiting[0].join(30)

    index.ingest([filing_with_items(tmp_path)], watch)
    assert held == [True, True]


def test_what_an_interrupted_one_left_is_made_up_without_its_file(open_index: OpenIndex, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "embed" and progress.done:
            raise KeyboardInterrupt

    index = open_index()
    path = write_filing(tmp_path, 1, 1500)
    with pytest.raises(KeyboardInterrupt):
        index.ingest([path], stop)
    path.unlink()
    index.close()
    encoder = StandInEncoder()
    again = open_index(encoder)
    assert again.library.unfinished()
    assert encoder.texts == [], "opening embeds nothing"
    assert again.embed_unfinished() == {}
    assert again.library.unfinished() == []
    assert_whole(again)
    assert_chroma_is_in_step(again)


# More than one process ------------------------------------------------------------------------------------------------


def test_two_processes_take_in_different_files_at_once(open_index: OpenIndex, tmp_path: Path) -> None:
    mine, yours = ([write_filing(tmp_path, 100 * half + seed) for seed in range(8)] for half in (0, 1))
    workers = [run_worker(tmp_path / "data", *paths) for paths in (mine, yours)]
    said = [row for worker in workers for row in finished(worker)]
    assert [status for _, status, _ in said] == ["added"] * 16
    index = open_index()
    assert len(index.library.filings()) == 16
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_two_processes_take_in_the_same_files_at_once(open_index: OpenIndex, tmp_path: Path) -> None:
    paths = [write_filing(tmp_path, seed) for seed in range(8)]
    workers = [run_worker(tmp_path / "data", *paths) for _ in range(3)]
    said = [row for worker in workers for row in finished(worker)]
    assert sorted(status for _, status, _ in said) == ["added"] * 8 + ["unchanged"] * 16
    index = open_index()
    assert sorted(filing.id for filing in index.library.filings()) == sorted({filing_id for _, _, filing_id in said})
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_many_processes_may_open_a_new_library_at_the_same_moment(tmp_path: Path) -> None:
    for round_number in range(4):
        openers = [forked.Process(target=open_and_close, args=(tmp_path / f"data-{round_number}",)) for _ in range(6)]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join(60)
        assert [opener.exitcode for opener in openers] == [0] * 6


def test_an_open_index_sees_what_another_process_adds_and_removes(open_index: OpenIndex, tmp_path: Path) -> None:
    first, second = write_filing(tmp_path, 1), write_filing(tmp_path, 2, 90)
    index, other = open_index(), open_index()  # two of them: Chroma keeps one system a folder for both
    index.ingest([first])
    assert_whole(index)
    assert_whole(other)
    folder = index.store.state().folder
    ((_, status, added),) = finished(run_worker(tmp_path / "data", second))
    assert status == "added"
    for one in (index, other):
        assert added in [filing.id for filing in one.library.filings()]
        assert_whole(one)
        assert_chroma_is_in_step(one)
    finished(run_worker(tmp_path / "data", Path(f"remove:{added}")))
    for one in (index, other):
        assert len(one.library.filings()) == 1
        assert_whole(one)
        assert_chroma_is_in_step(one)
    assert index.store.state().folder == folder, "seeing another process's work must not take making the store anew"


def test_threads_may_search_while_one_takes_in(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    index.ingest([write_filing(tmp_path, 0)])
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                ids = [filing.id for filing in index.library.filings()]
                found = index.nearest(StandInEncoder().encode(["Our customers renew"])[0], ids, 5)
                assert len(found) == 5
                assert len(index.library.passages_named([passage_id for passage_id, _ in found])) == 5
                assert index.matching(["customers"], ids, 5)
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        report = index.ingest([write_filing(tmp_path, seed) for seed in range(1, 12)])
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert failures == []
    assert {outcome.status for outcome in report.outcomes} == {"added"}
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_threads_may_take_in_at_once(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    seen: list[str] = []
    paths = [write_filing(tmp_path, seed) for seed in range(6)]
    threads = [threading.Thread(target=lambda: seen.extend(statuses(index, *paths))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == ["added"] * 6 + ["unchanged"] * 12
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_a_writer_that_another_one_keeps_waiting_says_so(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index(lock_seconds=0.2)
    with index._writer:
        report: dict[str, IngestReport] = {}
        other = threading.Thread(
            target=lambda: report.update(made=open_index(lock_seconds=0.2).ingest([write_filing(tmp_path, 1)]))
        )
        other.start()
        other.join(30)
    (outcome,) = report["made"].outcomes
    assert outcome.status == "refused"
    assert outcome.problem == (
        "concern-1.txt was not taken in: another program is taking in filings; try again when it is done."
    )
    assert statuses(index, write_filing(tmp_path, 1)) == ["added"]


# Damage behind our back -----------------------------------------------------------------------------------------------


def _delete_chroma(chroma: Path) -> None:
    shutil.rmtree(chroma)


def _delete_live_folder(chroma: Path) -> None:
    for folder in chroma.glob("chroma-*"):
        shutil.rmtree(folder)


def _empty_live_folder(chroma: Path) -> None:
    for folder in chroma.glob("chroma-*"):
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _spoil_database(chroma: Path) -> None:
    for database in chroma.glob("chroma-*/chroma.sqlite3"):
        database.write_bytes(b"not a database at all " * 500)


def _truncate_database(chroma: Path) -> None:
    for database in chroma.glob("chroma-*/chroma.sqlite3"):
        database.write_bytes(database.read_bytes()[:4096])


def _write_state(text: str | bytes) -> Callable[[Path], None]:
    def write(chroma: Path) -> None:
        (chroma / "state.json").write_bytes(text.encode() if isinstance(text, str) else text)

    return write


def _make_state_a_folder(chroma: Path) -> None:
    (chroma / "state.json").unlink()
    (chroma / "state.json").mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "chroma deleted": _delete_chroma,
    "live folder deleted": _delete_live_folder,
    "live folder emptied": _empty_live_folder,
    "database spoilt": _spoil_database,
    "database cut off": _truncate_database,
    "state deleted": lambda chroma: (chroma / "state.json").unlink(),
    "state empty": _write_state(""),
    "state cut off": _write_state('{"folder": "chr'),
    "state of another kind": _write_state("[1, 2]"),
    "state with a folder that is none": _write_state(
        json.dumps({"folder": "../../elsewhere", "generation": 1, "clean": True, "model": "stand-in"})
    ),
    "state with a number for a folder": _write_state(json.dumps({"folder": 5})),
    "state with other fields": _write_state(json.dumps({"colour": "red"})),
    "state of another generation": _write_state(
        json.dumps({"folder": "chroma-1", "generation": 77, "clean": True, "model": "stand-in"})
    ),
    "state of another model": _write_state(
        json.dumps({"folder": "chroma-1", "generation": 2, "clean": True, "model": "another"})
    ),
    "state of a killed writer": _write_state(
        json.dumps({"folder": "chroma-1", "generation": 2, "clean": False, "model": "stand-in"})
    ),
    "state in no encoding": _write_state(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_found_at_the_start_is_mended_without_embedding(
    open_index: OpenIndex, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    index = open_index()
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    index.close()
    damage(tmp_path / "data" / "chroma")
    encoder = StandInEncoder()
    mended = open_index(encoder)
    assert_whole(mended)
    assert_chroma_is_in_step(mended)
    assert encoder.texts == []
    assert statuses(mended, write_filing(tmp_path, 3)) == ["added"]
    assert_whole(mended)
    assert_chroma_is_in_step(mended)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_under_an_open_index_never_shows(
    open_index: OpenIndex, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    assert_whole(index)
    encoder.texts.clear()
    damage(tmp_path / "data" / "chroma")
    assert_whole(index)  # from the library itself, where Chroma fails
    assert encoder.texts == []
    assert statuses(index, write_filing(tmp_path, 3)) == ["added"]
    assert_whole(index)
    index.close()
    again = open_index()
    assert_whole(again)
    assert_chroma_is_in_step(again)


@pytest.mark.parametrize("all_of_it", [True, False], ids=["all", "some"])
@pytest.mark.parametrize("reopened", [True, False], ids=["reopened", "open"])
def test_a_collection_emptied_behind_our_back_is_filled_again(
    open_index: OpenIndex, tmp_path: Path, all_of_it: bool, reopened: bool
) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder)
    index.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    assert isinstance(index.store, PassageStore)
    collection = index.store._collection()
    ids = collection.get()["ids"]
    collection.delete(ids=ids if all_of_it else ids[:1])
    encoder.texts.clear()
    if reopened:
        index.close()
        index = open_index(encoder)
    assert_whole(index)
    assert_chroma_is_in_step(index)
    assert encoder.texts == []


def test_a_dotenv_file_of_somebody_else_changes_nothing(
    open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_filing(tmp_path, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text(
        "OPENAI_API_KEY=x\nALLOW_RESET=perhaps\nPERSIST_DIRECTORY=/nowhere\n", encoding="utf-8"
    )
    monkeypatch.chdir(elsewhere)
    index = open_index()
    assert statuses(index, path) == ["added"]
    assert_whole(index)
    assert_chroma_is_in_step(index)


# Data folders that cannot be used -------------------------------------------------------------------------------------


def refusal(open_it: Callable[[], object]) -> str:
    with pytest.raises(UnusableLibrary) as error:
        open_it()
    message = str(error.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_another_model_does_not_search_vectors_that_mean_nothing_to_it(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    message = refusal(lambda: open_index(StandInEncoder("another")))
    assert "embedded with stand-in, and now another is set" in message
    assert "FOOTNOTE_EMBEDDING_MODEL" in message
    assert_whole(open_index())


def test_a_library_that_is_no_database_is_named(open_index: OpenIndex, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_bytes(b"not a database at all " * 500)
    assert "library.db is damaged" in refusal(open_index)


def test_a_library_of_another_version_is_left_alone(open_index: OpenIndex, tmp_path: Path) -> None:
    open_index().close()
    with sqlite3.connect(tmp_path / "data" / "library.db") as database:
        database.execute("UPDATE facts SET value = 99 WHERE name = 'schema'")
    assert "another version of Footnote (schema 99, this one reads 1)" in refusal(open_index)


def test_a_data_folder_that_is_a_file_is_named(open_index: OpenIndex, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    assert "is not a folder" in refusal(open_index)
