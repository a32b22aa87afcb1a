"""What a language model costs: told with each answer, and limited by session and by day."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from index.library import Library
from rag.answer import Answer
from rag.assistant import Assistant
from rag.budget import Budget, Spent
from rag.model_failures import ModelFailed
from rag.model_settings import ModelSettings
from rag.settings import AnswerSettings
from tests.rag.conftest import Serve, model_at
from tests.rag.made_up import BAKERY, write_report
from tests.rag.stub_model import Fails, Says, StubModel, lines

LARGEST = (
    "Our largest customer, Wheatfield Markets, accounted for 31% and 27% of our revenues in fiscal years 2022 and "
    "2021, respectively."
)
IN_2022 = "Its largest customer, Wheatfield Markets, accounted for 31% of its revenues in fiscal year 2022."
LIMIT = 2800  # room for one request with its answer, not for another
QUESTION = "Who is the largest customer?"
STAFFED = "How many employees are there?"
GOOD = Says(lines((IN_2022, "Wheatfield", LARGEST)))  # the endpoint counts 900 tokens read and 100 written
LIE = Says(lines((IN_2022.replace("31%", "41%"), "Wheatfield", LARGEST), (IN_2022, "Wheatfield", LARGEST)))
MODEL = model_at("http://127.0.0.1:9/v1", model_price_in=2.0, model_price_out=10.0)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.model_failures.FIRST_PAUSE", 0.01)


def limited(ovens: Assistant, stub: StubModel, session_tokens: int = 0, daily_tokens: int = 0) -> Assistant:
    settings = AnswerSettings(session_tokens=session_tokens, daily_tokens=daily_tokens)
    model = model_at(stub.address, model_price_in=2.0, model_price_out=10.0, model_attempts=2)
    return Assistant(ovens.index, settings, model=model)


def must_be_offline(ovens: Assistant, answer: Answer, setting: str) -> None:
    assert answer.sentences == ovens.ask(answer.question, ["clean"]).sentences
    assert answer.composed_by == "offline composer"
    assert answer.note.startswith("The limit of the language model for ")
    assert setting in answer.note
    assert answer.note.endswith("So this is the offline composer's answer.")
    assert (answer.model_tokens, answer.model_cost) == (0, 0)


# What an answer costs -------------------------------------------------------------------------------------------------


def test_an_answer_and_its_session_tell_tokens_and_money(ovens: Assistant, serve: Serve) -> None:
    bakery = limited(ovens, serve(GOOD))
    first = bakery.ask(QUESTION, ["clean"], session="anna")
    bakery.ask(STAFFED, ["clean"], session="anna")
    assert first.model_tokens == 1000
    assert first.model_cost == pytest.approx(0.0028)
    assert bakery.spent("anna").tokens == 2000
    assert bakery.spent("anna").cost == pytest.approx(0.0056)
    assert bakery.spent("berta") == Spent()
    assert Answer.from_dict(first.to_dict()) == first


def test_mending_is_paid_for_too(ovens: Assistant, serve: Serve) -> None:
    bakery = limited(ovens, serve(LIE, Says("DONE")))
    answer = bakery.ask(QUESTION, ["clean"], session="mending")
    assert answer.model_tokens == bakery.spent("mending").tokens == 2000


def test_without_a_price_no_cost_is_told(ovens: Assistant, serve: Serve) -> None:
    answer = ovens.ask(QUESTION, ["clean"], model=model_at(serve(GOOD).address))
    assert (answer.model_tokens, answer.model_cost) == (1000, 0)


def test_what_an_endpoint_refuses_costs_nothing_and_what_breaks_off_does(ovens: Assistant, serve: Serve) -> None:
    refused = limited(ovens, serve(Fails(401))).ask(QUESTION, ["clean"], session="refused")
    assert refused.model_tokens == 0
    broken = limited(ovens, serve(Says(GOOD.text, breaks_after=100), Fails(401)))
    assert 200 < broken.ask(QUESTION, ["clean"], session="broken").model_tokens < 3000
    assert broken.spent("refused").tokens == 0
    assert broken.spent("broken").tokens > 200


def test_without_a_model_nothing_is_counted_or_written(open_index: Callable[..., Any], tmp_path: Path) -> None:
    offline = Assistant(open_index())
    offline.ingest([write_report(tmp_path / "in", "clean", BAKERY)])
    assert offline.ask(QUESTION).model_tokens == 0
    with offline.index.library.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'spending'").all()
    assert tables == []


# Limits ---------------------------------------------------------------------------------------------------------------


def test_a_session_that_has_used_up_its_tokens_gets_the_offline_answer(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    bakery = limited(ovens, stub, session_tokens=LIMIT)
    first = bakery.ask(QUESTION, ["clean"], session="s1")
    assert (first.composed_by, first.note) == ("stub-1", "")
    must_be_offline(ovens, bakery.ask(STAFFED, ["clean"], session="s1"), "FOOTNOTE_SESSION_TOKENS")
    assert len(stub.requests) == 1
    other = bakery.ask(STAFFED, ["clean"], session="s2")
    assert other.model_tokens == 1000, "another session has its own"


def test_the_limit_holds_when_the_program_is_started_again(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    limited(ovens, stub, session_tokens=LIMIT).ask(QUESTION, ["clean"], session="again")
    restarted = limited(ovens, stub, session_tokens=LIMIT)
    must_be_offline(ovens, restarted.ask(QUESTION, ["clean"], session="again"), "FOOTNOTE_SESSION_TOKENS")


def test_the_limit_of_a_day_is_for_all_sessions_but_not_for_a_visitors_own_key(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    so_far = Budget(ovens.index.library.engine).spent().tokens
    bakery = limited(ovens, stub, daily_tokens=so_far + LIMIT)
    bakery.ask(QUESTION, ["clean"], session="morning")
    must_be_offline(ovens, bakery.ask(STAFFED, ["clean"], session="evening"), "FOOTNOTE_DAILY_TOKENS")
    other_model = bakery.model.settings.model_copy(update={"model": "stub-2"})
    must_be_offline(ovens, bakery.ask(STAFFED, ["clean"], model=other_model, session="night"), "FOOTNOTE_DAILY_TOKENS")
    own = bakery.ask(STAFFED, ["clean"], model=bakery.model.settings.with_key("sk-own"), session="evening")
    assert own.model_tokens == 1000
    assert Budget(ovens.index.library.engine).spent().tokens == so_far + 1000


def test_where_the_limit_leaves_no_room_to_mend_what_was_shown_stays(ovens: Assistant, serve: Serve) -> None:
    stub = serve(LIE)
    answer = limited(ovens, stub, session_tokens=LIMIT).ask(QUESTION, ["clean"], session="mend")
    assert answer.text == IN_2022
    assert len(stub.requests) == 1


def test_sessions_at_work_together_do_not_go_over_the_limit(ovens: Assistant, serve: Serve) -> None:
    stub = serve(Says(GOOD.text, pause=0.01))
    bakery = limited(ovens, stub, session_tokens=2 * LIMIT)
    threads = [
        threading.Thread(target=bakery.ask, args=(f"{QUESTION} {number}", ["clean"]), kwargs={"session": "together"})
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < len(stub.requests) < 8
    assert bakery.spent("together").tokens == 1000 * len(stub.requests) <= 2 * LIMIT


def test_processes_count_together(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    library = Library(path)
    code = (
        "from pathlib import Path\nfrom index.library import Library\nfrom rag.budget import Budget\n"
        "from rag.model_failures import ModelFailed\n"
        f"budget = Budget(Library(Path({str(path)!r})).engine, daily_tokens=1000)\n"
        "for number in range(50):\n"
        "    try:\n        budget.put_aside(str(number), '2026-01-01', True, 10)\n        print('aside')\n"
        "    except ModelFailed:\n        print('reached')\n"
    )
    root = Path(__file__).parents[2]
    at_work = [
        subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = "".join(process.communicate(timeout=120)[0] for process in at_work)
    library.close()
    assert (said.count("aside"), said.count("reached")) == (100, 50)


def test_where_it_cannot_be_counted_a_limit_counts_as_reached() -> None:
    nowhere = create_engine("sqlite:////nowhere/at/all.db")
    with pytest.raises(ModelFailed, match="cannot be counted"):
        Budget(nowhere, session_tokens=100).purse("s", MODEL).open(10)
    purse = Budget(nowhere).purse("s", MODEL)  # nobody set a limit
    purse.open(10)
    purse.close(1000, 100)
    assert purse.spent.tokens == 1100
    assert purse.spent.cost == pytest.approx(0.003)


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SESSION_TOKENS": "7", "DAILY_TOKENS": "8", "MODEL_PRICE_IN": "0.4"}.items():
        monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    assert (AnswerSettings().session_tokens, AnswerSettings().daily_tokens) == (7, 8)
    assert ModelSettings().model_price_in == 0.4
