"""Shares, conversations, feedback, the audit trail and the budget in PostgreSQL: the same tests as of SQLite."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from index.library import Library
from index.postgres import PostgresDatabase
from rag.allowances import Allowances
from rag.assistant import Assistant
from rag.budget import Budget
from rag.model_failures import ModelFailed
from tests.rag.test_records import (  # noqa: F401
    OpenIndex,
    own,
    test_a_conversation_is_found_again_and_grows,
    test_a_filing_is_kept_once_and_as_long_as_a_share_cites_it,
    test_a_share_opens_elsewhere_after_its_filing_was_removed,
    test_conversations_come_newest_first_and_are_searched_in_titles_and_answers,
    test_nobody_sees_the_conversations_of_another,
    test_thumbs_are_kept_with_the_answer_and_the_reason,
    test_what_is_no_share_opens_nothing,
    test_what_is_old_or_too_many_is_forgotten_the_oldest_first,
    test_what_was_opened_from_a_share_can_be_shared_again,
    test_where_links_fill_their_room_a_new_one_is_refused_and_the_old_ones_stay,
    test_words_that_no_encoding_holds_are_kept_as_well_as_can_be,
)
from tests.servers import PostgresServer


@pytest.fixture(autouse=True)
def address(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    address = postgres_server.new_library()
    monkeypatch.setenv("FOOTNOTE_DATABASE_URL", address)
    return address


def test_what_one_machine_shares_another_one_opens(open_index: OpenIndex, tmp_path: Path) -> None:
    from tests.index.standins import write_filing
    from tests.rag.given_answers import turn_about

    one = Assistant(open_index(data_dir=tmp_path / "one"))
    other = Assistant(open_index(data_dir=tmp_path / "other"))
    one.ingest([write_filing(tmp_path, 1)])
    (filing,) = other.filings()
    turn = turn_about(one, filing.id)
    shared = other.records.shared(one.records.share([turn]))
    assert shared is not None
    assert shared.turns == (turn,)
    assert shared.kept[0].text == one.text(filing.id)


def test_the_audit_trail_keeps_the_last_answers_of_all_machines(open_index: OpenIndex, tmp_path: Path) -> None:
    from rag.record_settings import RecordSettings
    from rag.records import Records
    from tests.index.standins import write_filing
    from tests.rag.given_answers import answer_about

    machines = [Assistant(open_index(data_dir=tmp_path / name)) for name in ("one", "other")]
    machines[0].ingest([write_filing(tmp_path, 1)])
    answer = answer_about(machines[0], machines[0].filings()[0].id)
    trails = [
        Records(one.index.library.database, tmp_path, one, RecordSettings(audit_entries=5)).trail for one in machines
    ]
    for _ in range(4):
        for trail in trails:
            trail.note(answer, None, {})
    entries = trails[0].entries()
    assert len(entries) == 5
    assert all(entry.answer == answer for entry in entries)


def test_machines_count_together_and_stop_at_the_limit(address: str) -> None:
    budgets = [Budget(Library(PostgresDatabase(address)).engine, daily_tokens=1000) for _ in range(3)]
    said: list[str] = []

    def spend(budget: Budget) -> None:
        for _ in range(50):
            try:
                budget.put_aside("everybody", "2026-01-01", True, 10)
                said.append("aside")
            except ModelFailed as failure:
                said.append("reached" if "is reached" in str(failure) else str(failure))

    threads = [threading.Thread(target=spend, args=(budget,)) for budget in budgets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (said.count("aside"), said.count("reached")) == (100, 50), set(said)


def test_a_days_allowance_is_one_over_all_machines(open_index: OpenIndex, tmp_path: Path) -> None:
    machines = [Assistant(open_index(data_dir=tmp_path / name)) for name in ("one", "other")]
    taken = [machines[turn % 2].allowances.take("questions of all", 1, 3) for turn in range(6)]
    assert taken == [True, True, True, False, False, False]
    assert [machine.allowances.used("questions of all") for machine in machines] == [3, 3]


def test_two_machines_that_count_first_at_one_moment_both_count(postgres_server: PostgresServer, address: str) -> None:
    del postgres_server  # it runs
    for _ in range(5):
        engines = [PostgresDatabase(address).engine for _ in range(4)]
        start = threading.Barrier(len(engines))
        taken: list[bool] = []

        def take(engine: Engine, start: threading.Barrier = start, taken: list[bool] = taken) -> None:
            start.wait()
            taken.append(Allowances(engine).take("questions of all", 1, 100))

        threads = [threading.Thread(target=take, args=(engine,)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with engines[0].begin() as connection:
            connection.exec_driver_sql("DROP TABLE allowances")
        for engine in engines:
            engine.dispose()
        assert taken == [True] * len(engines)


def test_a_guests_library_is_never_the_one_on_the_server(open_index: OpenIndex, tmp_path: Path) -> None:
    from tests.index.standins import write_filing
    from ui.demo_limits import DemoLimits
    from ui.guests import Guests

    host = Assistant(open_index())
    host.ingest([write_filing(tmp_path, 1)])
    guests = Guests(host, DemoLimits())
    guests.own("ann").ingest([write_filing(tmp_path, 2)])
    assert len(guests.assistant_of("ann").filings()) == 2
    assert len(host.filings()) == 1
    guests.forget("ann")
