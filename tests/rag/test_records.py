"""What is shared, kept and thought of answers outlives the session, the filing and the program; and keeps to itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.backup import back_up, restore
from index.build import FilingIndex
from rag.assistant import Assistant
from rag.forgetting import Bounds
from rag.kept import SharedTurn, UnusableRecords
from rag.record_settings import RecordSettings
from rag.records import Records
from tests.index.standins import filing_text, write_filing
from tests.rag.given_answers import answer_about, turn_about

OpenIndex = Callable[..., FilingIndex]
KEPT = ("shares", "kept_filings")  # what shares take room in


@pytest.fixture
def own(open_index: OpenIndex, tmp_path: Path) -> Assistant:
    """A library of this test's own, with two filings."""
    own = Assistant(open_index())
    own.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    return own


def ids(own: Assistant) -> tuple[str, str]:
    first, second = own.filings()
    return first.id, second.id


def rows(own: Assistant, table: str) -> int:
    with own.index.library.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)  # noqa: S608


# Shares ---------------------------------------------------------------------------------------------------------------


def test_a_share_opens_elsewhere_after_its_filing_was_removed(own: Assistant, open_index: OpenIndex) -> None:
    filing_id, _ = ids(own)
    whole, turns = own.whole(filing_id), [turn_about(own, filing_id), SharedTurn("And?", problem="It broke off.")]
    share_id = own.records.share(turns)
    own.remove(filing_id)
    own.close()

    shared = Assistant(open_index()).records.shared(share_id)
    assert shared is not None
    assert list(shared.turns) == turns
    assert [filing.label for filing in shared.filings] == [whole.filing.label]
    assert shared.kept == (whole,), "the reader needs the text, the sections and the passages"
    answer = shared.turns[0].answer
    assert answer is not None
    for citation in [one for sentence in answer.sentences for one in sentence.citations]:
        source = shared.source_of(citation)
        assert source is not None
        assert source.text[citation.start : citation.end] == citation.quote
        assert citation.quote in source.by_id[citation.passage_id].text


def test_a_filing_is_kept_once_and_as_long_as_a_share_cites_it(own: Assistant) -> None:
    first, second = ids(own)
    shares = [own.records.share([turn_about(own, first)]) for _ in range(3)]
    both = own.records.share([turn_about(own, first), turn_about(own, second)])
    assert rows(own, "kept_filings") == 2
    assert own.records.unshare(both)
    assert rows(own, "kept_filings") == 1
    assert own.records.shared(both) is None
    assert not own.records.unshare(both)
    for share_id in shares:
        shared = own.records.shared(share_id)
        assert shared is not None
        assert shared.kept[0].text == own.text(first)
        own.records.unshare(share_id)
    assert rows(own, "kept_filings") == 0


def test_where_links_fill_their_room_a_new_one_is_refused_and_the_old_ones_stay(own: Assistant, tmp_path: Path) -> None:
    first, second = ids(own)
    old = own.records.share([turn_about(own, first)])
    with own.index.library.engine.connect() as connection:
        sizes = [connection.exec_driver_sql(f"SELECT sum(length(content)) FROM {name}").scalar() for name in KEPT]  # noqa: S608
    own.records = Records(
        own.index.library.database,
        tmp_path,
        own,
        RecordSettings(share_bytes=sum(int(size or 0) for size in sizes) + 99),
    )
    with pytest.raises(UnusableRecords, match=r"It could not be shared: links fill .* Take one back"):
        own.records.share([turn_about(own, second)])
    assert (rows(own, "shares"), rows(own, "kept_filings")) == (1, 1), "of what was refused nothing is left"
    assert own.records.shared(old) is not None
    own.records.unshare(old)
    assert own.records.share([turn_about(own, second)])


def test_the_same_words_shared_again_get_an_id_of_their_own(own: Assistant) -> None:
    turn = turn_about(own, ids(own)[0])
    shares = {own.records.share([turn]) for _ in range(20)}
    assert len(shares) == 20
    assert all(len(share_id) >= 32 and share_id.replace("-", "").replace("_", "").isalnum() for share_id in shares)
    own.records.unshare(shares.pop())
    assert all(own.records.shared(share_id) for share_id in shares)


@pytest.mark.parametrize(
    "share_id", ["", "no-such", "../../etc/passwd", "%", "a' OR '1'='1", "\0", "\ud800", "x" * 9999]
)
def test_what_is_no_share_opens_nothing(own: Assistant, share_id: str) -> None:
    own.records.share([turn_about(own, ids(own)[0])])
    assert own.records.shared(share_id) is None
    assert not own.records.unshare(share_id)
    assert rows(own, "shares") == 1


def test_nothing_is_no_share(own: Assistant) -> None:
    with pytest.raises(ValueError, match="nothing to share"):
        own.records.share([])


def test_a_share_of_a_filing_that_is_gone_keeps_the_words_of_its_footnotes(own: Assistant) -> None:
    filing_id, _ = ids(own)
    turn = turn_about(own, filing_id)
    own.remove(filing_id)
    shared = own.records.shared(own.records.share([turn]))
    assert shared is not None
    assert shared.turns == (turn,)
    assert shared.kept == ()


def test_what_was_opened_from_a_share_can_be_shared_again(own: Assistant) -> None:
    filing_id, _ = ids(own)
    first = own.records.share([turn_about(own, filing_id)])
    own.remove(filing_id)
    opened = own.records.shared(first)
    assert opened is not None
    again = own.records.share(opened.turns)
    own.records.unshare(first)
    shared = own.records.shared(again)
    assert shared is not None
    assert shared.kept == opened.kept


def test_words_that_stand_no_longer_there_are_shown_in_no_other_text(own: Assistant, tmp_path: Path) -> None:
    filing_id, _ = ids(own)
    turn = turn_about(own, filing_id)
    own.remove(filing_id)
    path = tmp_path / "concern-1.txt"
    path.write_text("A line that was not there.\n\n" + filing_text(1), encoding="utf-8")
    assert own.ingest([path]).outcomes[0].filing_id == filing_id
    shared = own.records.shared(own.records.share([turn]))
    assert shared is not None
    assert shared.turns[0].answer is not None
    assert shared.source_of(shared.turns[0].answer.sentences[0].citations[0]) is None


def test_what_is_kept_is_part_of_a_backup(own: Assistant, open_index: OpenIndex, tmp_path: Path) -> None:
    filing_id, _ = ids(own)
    turn = turn_about(own, filing_id)
    share_id = own.records.share([turn])
    own.records.keep("ann", "c1", "Concern 1", [turn])
    own.remove(filing_id)
    back_up(tmp_path / "data", tmp_path / "backup.zip")
    own.close()
    restore(tmp_path / "backup.zip", tmp_path / "elsewhere")
    records = Assistant(open_index(data_dir=tmp_path / "elsewhere")).records
    shared = records.shared(share_id)
    assert shared is not None
    assert [kept.filing.id for kept in shared.kept] == [filing_id]
    assert [entry.id for entry in records.conversations("ann")] == ["c1"]


# Conversations --------------------------------------------------------------------------------------------------------


def test_a_conversation_is_found_again_and_grows(own: Assistant, open_index: OpenIndex) -> None:
    first, second = ids(own)
    one = [turn_about(own, first)]
    own.records.keep("ann", "c1", "Concern 1", one)
    own.records.keep("ann", "c1", "Concern 1, still", [*one, turn_about(own, second, "And the other?")])
    own.remove(first)
    own.close()
    records = Assistant(open_index()).records
    (entry,) = records.conversations("ann")
    assert (entry.id, entry.title, entry.turns) == ("c1", "Concern 1, still", 2)
    kept = records.conversation("ann", "c1")
    assert kept is not None
    assert kept.turns[:1] == tuple(one)
    assert kept.turns[1].title == "And the other?"


def test_conversations_come_newest_first_and_are_searched_in_titles_and_answers(own: Assistant) -> None:
    records, (first, _) = own.records, ids(own)
    for name, title in [("a", "Who buys 100% of it?"), ("b", "Umsätze & Kunden"), ("c", "Staff_count")]:
        records.keep("ann", name, title, [])
        time.sleep(0.002)
    assert [entry.id for entry in records.conversations("ann")] == ["c", "b", "a"]
    records.keep("ann", "a", "Who buys 100% of it?", [turn_about(own, first, "What is sold?")])
    assert [entry.id for entry in records.conversations("ann")] == ["a", "c", "b"]
    answer = answer_about(own, first)
    for words, found in {
        "UMSÄTZE": "b",
        "kunden umsätze": "b",
        answer.sentences[0].text[:40]: "a",
        "100%": "a",
        "staff_": "c",
        "  ": "acb",
        "%": "a",
        "_": "c",
        "nowhere": "",
        "anvils": "",  # stands in a sentence that was withheld
    }.items():
        assert "".join(entry.id for entry in records.conversations("ann", words)) == found, words


def test_the_same_conversation_again_is_no_newer(own: Assistant) -> None:
    turns = [turn_about(own, ids(own)[0])]
    for name in ("a", "b"):
        own.records.keep("ann", name, name, turns)
        time.sleep(0.002)
    before = own.records.conversations("ann")
    own.records.keep("ann", "a", "a", turns)
    assert own.records.conversations("ann") == before
    own.records.keep("ann", "a", "another title", turns)
    assert [entry.title for entry in own.records.conversations("ann")] == ["another title", "b"]


def test_nobody_sees_the_conversations_of_another(own: Assistant) -> None:
    records, turns = own.records, [turn_about(own, ids(own)[0])]
    records.keep("ann", "c1", "Ann's", turns)
    records.keep("bob", "c1", "Bob's", [])
    records.keep("bob", "c2", "Bob's second", [])
    assert records.conversation("ann", "c2") is None
    assert [entry.title for entry in records.conversations("ann")] == ["Ann's"]
    assert not records.forget("ann", "c2")
    assert records.forget("bob", "c1")
    assert records.conversation("bob", "c1") is None
    kept = records.conversation("ann", "c1")
    assert kept is not None
    assert kept.title == "Ann's"
    assert kept.turns == tuple(turns)
    for somebody in ("", "%", "ANN", "ann "):
        if somebody:
            assert records.conversations(somebody) == []
    with pytest.raises(ValueError, match="nobody was named"):
        records.keep("", "c1", "Everybody's", turns)
    with pytest.raises(ValueError, match="nobody was named"):
        records.conversations("")


def test_words_that_no_encoding_holds_are_kept_as_well_as_can_be(own: Assistant) -> None:
    title = "half \ud83d of \0 an 😀 emoji"
    own.records.keep("ann", "c1", title, [SharedTurn(title, problem=title)])
    (entry,) = own.records.conversations("ann", "emoji")
    assert entry.title == "half ? of  an 😀 emoji"
    kept = own.records.conversation("ann", "c1")
    assert kept is not None
    assert kept.turns[0].problem == "half ? of \0 an 😀 emoji"


# Feedback -------------------------------------------------------------------------------------------------------------


def test_thumbs_are_kept_with_the_answer_and_the_reason(own: Assistant, open_index: OpenIndex) -> None:
    answer = answer_about(own, ids(own)[0])
    own.records.note_feedback(answer, "up")
    own.records.note_feedback(answer, "down", "The figure is of another year.\n$5 <b>")
    own.close()
    down, up = Assistant(open_index()).records.feedback()
    assert (up.thumb, up.reason, up.answer) == ("up", "", answer)
    assert (down.thumb, down.reason, down.answer) == ("down", "The figure is of another year.\n$5 <b>", answer)


def test_a_thumb_is_up_or_down(own: Assistant) -> None:
    answer = answer_about(own, ids(own)[0])
    with pytest.raises(ValueError, match="up or down"):
        own.records.note_feedback(answer, "sideways")
    with pytest.raises(ValueError, match="4,000 characters"):
        own.records.note_feedback(answer, "down", "x" * 4001)
    assert own.records.feedback() == []


# Forgetting -----------------------------------------------------------------------------------------------------------


def test_what_is_old_or_too_many_is_forgotten_the_oldest_first(own: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ids(own)
    links = []
    for day in range(1, 6):
        moment = f"2026-01-0{day}T00:00:00.000+00:00"
        monkeypatch.setattr("rag.records.now", lambda moment=moment: moment)
        turn = turn_about(own, first if day < 4 else second)
        links.append(own.records.share([turn]))
        own.records.keep("ann", f"conversation {day}", f"Day {day}", [turn])
        own.records.note_feedback(answer_about(own, first), "down", f"Day {day}")
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    bounds = Bounds(days=29, conversations=3, links=2, thumbs=1)
    assert own.records.forget_old(bounds, at) == 2 + 3 + 4
    assert [one.title for one in own.records.conversations("ann")] == ["Day 5", "Day 4", "Day 3"]
    assert [own.records.shared(link) is not None for link in links] == [False] * 3 + [True] * 2
    assert [one.reason for one in own.records.feedback()] == ["Day 5"]
    assert rows(own, "kept_filings") == 1, "with the links of the first days goes the text that no other cites"
    assert own.records.forget_old(bounds, at) == 0
    later = datetime(2026, 3, 1, tzinfo=UTC)
    assert own.records.forget_old(Bounds(days=29, conversations=100, links=100, thumbs=100), later) == 3 + 2 + 1
    assert [rows(own, table) for table in ("conversations", "feedback", *KEPT, "share_filings")] == [0] * 5
