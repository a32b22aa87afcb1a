"""The door to language models, through the real client and real HTTP: what it gives, and what it makes of failures."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from langsmith.utils import get_env_var

from index.filing import Passage
from rag.answer import Draft
from rag.llm import LanguageModel
from rag.model_failures import ModelFailed
from rag.model_reply import Reply
from rag.model_settings import ModelSettings
from rag.model_stream import Takes
from rag.prompts import Prompt, Wish, prompt_for
from tests.rag.conftest import Serve, model_at
from tests.rag.made_up import filing, passage
from tests.rag.stub_model import KEY, PATIENCE, Fails, Knows, Says, StubModel, Turn, lines, objects

FIRST = "We sell test benches to carmakers."
SECOND = "We have 412 employees in Ulm."
HERE = [passage(f"{FIRST} {SECOND}")]
GOOD = lines((FIRST, "carmakers", FIRST), (SECOND, "carmakers", SECOND))
EACH = len("SAY " + FIRST + "\nFROM P1-0000 " + FIRST + "\n\n")  # characters until the first sentence is finished


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.model_failures.FIRST_PAUSE", 0.01)


def reply(stub: StubModel, stop: threading.Event | None = None, **more: Any) -> Reply:
    return reply_of(LanguageModel(model_at(stub.address, **more)), HERE, stop)


def reply_of(model: LanguageModel, passages: list[Passage], stop: threading.Event | None = None) -> Reply:
    def fill(share: float) -> Prompt:
        tokens = int(model.settings.model_window * share)
        return prompt_for(Wish("What is sold?"), passages, [filing("contoso-fy2021", 2021)], tokens, model.form)

    return Reply(model, fill, stop or threading.Event())


def texts(drafts: Iterator[Draft] | Reply) -> list[str]:
    return [draft.text for draft in drafts]


# What it gives --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [1, 3, 11, 1000])
def test_drafts_name_their_passages_and_words_however_the_stream_is_torn(serve: Serve, piece: int) -> None:
    stub = serve(Says(GOOD, piece=piece))
    first, second = reply(stub)
    assert (first.text, first.passage_ids, first.quotes) == (FIRST, (HERE[0].id,), (FIRST,))
    assert (second.text, second.passage_ids, second.quotes) == (SECOND, (HERE[0].id,), (SECOND,))
    assert len(stub.requests) == 1


def test_a_draft_comes_as_soon_as_its_sentence_is_finished(serve: Serve) -> None:
    stub = serve(Says(GOOD, stalls_after=EACH + 8))
    coming = iter(reply(stub))
    assert next(coming).text == FIRST
    behind = time.monotonic() - stub.requests[0].sentence_sent[-1]
    assert behind < 1, "and nothing more ever comes"
    coming.close()  # type: ignore[attr-defined]


def test_what_a_model_thinks_aloud_is_no_draft(serve: Serve) -> None:
    thought = "<think>\nSAY We sell boats.\nFROM P1-0000 boats\n</think>\n"
    assert texts(reply(serve(Says(lambda request: thought + GOOD(request))))) == [FIRST, SECOND]


def test_marks_around_keywords_and_quotations_are_forgiven(serve: Serve) -> None:
    said = lambda request: f"Sure!\n```\n**SAY:** {FIRST}\n- FROM [{request.id_of('Ulm')}]: “{FIRST}”\n```\nDONE"  # noqa: E731
    (draft,) = reply(serve(Says(said)))
    assert (draft.text, draft.quotes, draft.passage_ids) == (FIRST, (FIRST,), (HERE[0].id,))


def test_an_id_that_was_never_given_out_stays_what_it_is(serve: Serve) -> None:
    (draft,) = reply(serve(Says(f"SAY {FIRST}\nFROM P9-beef {FIRST}\n\nDONE")))
    assert draft.passage_ids == ("P9-beef",)


def test_that_nothing_is_said_is_an_answer(serve: Serve) -> None:
    answer = reply(serve(Says("NOT SAID\n")))
    assert texts(answer) == []
    assert answer.not_said


def test_tokens_are_those_that_the_endpoint_counts_or_else_our_own(serve: Serve) -> None:
    counted, uncounted = reply(serve(Says(GOOD))), reply(serve(Says(GOOD, usage=False)))
    assert texts(counted) == texts(uncounted)
    assert counted.tokens == 1000
    assert 200 < uncounted.tokens < 2000


@pytest.mark.parametrize("names_it", [True, False])
@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("less", [("stream_options",), ("response_format",), ("stream_options", "response_format")])
def test_an_endpoint_is_asked_without_the_fields_that_it_does_not_know(
    serve: Serve, less: tuple[str, ...], status: int, names_it: bool
) -> None:
    stub = serve(Knows(less, Says(GOOD), status, names_it))
    model = LanguageModel(model_at(stub.address, model_attempts=1))
    assert texts(reply_of(model, HERE)) == [FIRST, SECOND]
    tried = len(stub.requests)
    assert tried <= 3
    assert texts(reply_of(model, HERE)) == [FIRST, SECOND]
    assert len(stub.requests) == tried + 1, "what was found is known the next time"
    assert not set(less) & set(stub.requests[-1].body)


# The form -------------------------------------------------------------------------------------------------------------

OBJECT = objects((FIRST, "carmakers", FIRST), (SECOND, "carmakers", SECOND), following=["Where is Ulm?"])


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_an_endpoint_is_asked_for_an_object_and_each_sentence_is_told_as_it_closes(serve: Serve, piece: int) -> None:
    stub = serve(Says(OBJECT, piece=piece))
    asked = reply(stub)
    first, second = asked
    assert (first.text, first.passage_ids, first.quotes) == (FIRST, (HERE[0].id,), (FIRST,))
    assert (second.text, second.quotes, asked.suggested) == (SECOND, (SECOND,), ("Where is Ulm?",))
    (request,) = stub.requests
    assert request.body["response_format"]["json_schema"]["strict"]
    assert "one JSON object" in request.prompt
    assert "SAY" not in request.prompt


def test_an_endpoint_without_a_schema_is_asked_for_lines(serve: Serve) -> None:
    stub = serve(Knows(("response_format",), Says(GOOD)))
    assert texts(reply(stub)) == [FIRST, SECOND]
    assert "SAY the sentence" in stub.requests[1].prompt
    assert "JSON" not in stub.requests[1].prompt


def test_a_model_that_breaks_the_object_is_asked_for_lines(serve: Serve) -> None:
    stub = serve(Says('{"sentences": [{"sentence": "We sell'), Says(GOOD))
    assert texts(reply(stub)) == [FIRST, SECOND]
    assert ["response_format" in request.body for request in stub.requests] == [True, False]


def test_an_empty_object_is_an_answer(serve: Serve) -> None:
    answer = reply(serve(Says('{"sentences": [], "next": []}')))
    assert texts(answer) == []
    assert answer.not_said


@pytest.mark.parametrize("where", ["breaks_after", "ends_after"])
def test_an_object_that_breaks_off_is_gone_on_with_and_nothing_comes_twice(serve: Serve, where: str) -> None:
    stub = serve(Says(OBJECT, **{where: len(FIRST) * 2 + 100}), Says(OBJECT))  # type: ignore[arg-type]
    assert texts(reply(stub)) == [FIRST, SECOND]
    said = json.loads(stub.requests[1].body["messages"][2]["content"])
    assert [one["sentence"] for one in said["sentences"]] == [FIRST]


def test_no_key_is_in_the_prompt_and_the_right_one_in_the_header(serve: Serve) -> None:
    stub = serve(Says(GOOD))
    texts(reply(stub))
    assert stub.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(stub.requests[0].body)


# What goes wrong and passes -------------------------------------------------------------------------------------------

PASSING: dict[str, Turn] = {
    "429": Fails(429),
    "429 with Retry-After": Fails(429, headers=(("Retry-After", "0.2"),)),
    "500": Fails(500),
    "503 as a page": Fails(503, body="<html><body>Bad gateway</body></html>"),
    "an empty answer": Says(""),
    "a refusal in a field of its own": Says("", refusal="I cannot help with that."),
    "blanks": Says("  \n \n"),
    "malformed lines": Says("Contoso sells test benches. Hope this helps!"),
    "malformed JSON": Says("", garbage='{"choices": [{"del'),
    "an error in the stream": Says("", garbage='{"error": {"message": "overloaded"}}'),
    "cut before a word": Says(GOOD, breaks_after=0),
    "cut within the first sentence": Says(GOOD, breaks_after=20),
    "ended within the first sentence": Says(GOOD, ends_after=20),
    "no more room": Says("SAY We sell test", ending="length"),
}


@pytest.mark.parametrize("turn", PASSING.values(), ids=PASSING)
def test_what_passes_is_tried_again(serve: Serve, turn: Turn) -> None:
    stub = serve(turn, Says(GOOD))
    assert texts(reply(stub)) == [FIRST, SECOND]
    assert len(stub.requests) == 2


@pytest.mark.parametrize("turn", PASSING.values(), ids=PASSING)
def test_what_does_not_pass_ends_after_a_few_attempts(serve: Serve, turn: Turn) -> None:
    stub = serve(turn)
    with pytest.raises(ModelFailed) as failed:
        texts(reply(stub, model_attempts=3))
    assert len(stub.requests) == 3
    must_be_plain(failed.value)


def test_retry_after_is_waited_for(serve: Serve) -> None:
    stub = serve(Fails(429, headers=(("Retry-After", "0.4"),)), Says(GOOD))
    texts(reply(stub))
    assert stub.requests[1].at - stub.requests[0].at >= 0.4


def test_those_who_were_refused_at_one_moment_do_not_come_again_at_one() -> None:
    pauses = [[ModelFailed("busy", "Busy.").pause(attempt) for _ in range(50)] for attempt in (1, 2, 3)]
    assert all(len(set(of_one)) > 10 for of_one in pauses)
    assert min(pauses[2]) > max(pauses[0]), "longer each time"
    assert max(ModelFailed("busy", "Busy.").pause(30) for _ in range(50)) < 15


def test_nobody_waits_for_minutes(serve: Serve) -> None:
    stub = serve(Fails(429, headers=(("Retry-After", "600"),)), Says(GOOD))
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        texts(reply(stub))
    assert time.monotonic() - began < 5
    assert len(stub.requests) == 1


@pytest.mark.parametrize("where", [{"breaks_after": EACH + 10}, {"ends_after": EACH + 10}, {"ending": "length"}])
def test_after_a_break_the_model_goes_on_and_nothing_comes_twice(serve: Serve, where: dict[str, Any]) -> None:
    half = lines((FIRST, "carmakers", FIRST))
    text_of_first = (lambda request: half(request).replace("DONE\n", "")) if "ending" in where else GOOD
    stub = serve(Says(text_of_first, **where), Says(GOOD))
    assert texts(reply(stub)) == [FIRST, SECOND]
    again = [message["role"] for message in stub.requests[1].body["messages"]]
    assert again == ["system", "user", "assistant", "user"]
    assert FIRST in stub.requests[1].body["messages"][2]["content"]


def test_too_many_passages_are_fewer_the_next_time(serve: Serve) -> None:
    stub = serve(Fails(400, code="context_length_exceeded", message="maximum context length is 4096"), Says(GOOD))
    long = [passage(f"{FIRST} {SECOND}")] + [passage("We also sell parts. " * 60, number) for number in range(1, 12)]
    model = LanguageModel(model_at(stub.address))

    assert texts(reply_of(model, long)) == [FIRST, SECOND]
    before, after = (len(request.prompt) for request in stub.requests)
    assert after < 0.7 * before
    assert model.takes == Takes()


# What goes wrong for good ---------------------------------------------------------------------------------------------

LASTING: dict[str, tuple[Turn, str, str]] = {
    "401": (Fails(401, "invalid_api_key"), "key", "OPENAI_API_KEY"),
    "403": (Fails(403), "key", "OPENAI_API_KEY"),
    "404": (Fails(404, "model_not_found"), "model", "'stub-1'"),
    "no such model, as LiteLLM says it": (
        Fails(400, message="Invalid model name passed in model=x"),
        "model",
        "'stub-1'",
    ),
    "no credit": (Fails(429, "insufficient_quota"), "credit", "credit"),
    "content filter": (Says("", ending="content_filter"), "declined", "declined"),
}


@pytest.mark.parametrize(("turn", "kind", "named"), LASTING.values(), ids=LASTING)
def test_what_will_not_pass_is_said_at_once(serve: Serve, turn: Turn, kind: str, named: str) -> None:
    stub = serve(turn, Says(GOOD))
    with pytest.raises(ModelFailed) as failed:
        texts(reply(stub))
    assert failed.value.kind == kind
    assert named in str(failed.value)
    assert len(stub.requests) == 1
    must_be_plain(failed.value)


def test_an_endpoint_that_is_not_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = StubModel([], port=int(probe.getsockname()[1]))
    with pytest.raises(ModelFailed) as failed:
        texts(reply(nobody))
    assert failed.value.kind == "unreachable"
    assert "127.0.0.1" in str(failed.value)
    must_be_plain(failed.value)


def test_an_address_that_is_none() -> None:
    model = LanguageModel(model_at("not an address"))
    with pytest.raises(ModelFailed) as failed:
        texts(Reply(model, lambda share: prompt_for(Wish("What?"), HERE, [], 4000), threading.Event()))
    must_be_plain(failed.value)


def test_a_web_page_is_no_language_model(serve: Serve) -> None:
    stub = serve(Fails(200, body="<html><body>Welcome to nginx</body></html>"))
    with pytest.raises(ModelFailed) as failed:
        texts(reply(stub))
    must_be_plain(failed.value)


@pytest.mark.parametrize(
    "turn", [Says(GOOD, first_pause=2 * PATIENCE), Says(GOOD, stalls_after=10)], ids=["silent", "stalled"]
)
def test_silence_is_noticed_even_where_the_line_is_kept_open(serve: Serve, turn: Turn) -> None:
    stub = serve(turn)
    began = time.monotonic()
    with pytest.raises(ModelFailed) as failed:
        texts(reply(stub, model_silence_seconds=0.3, model_attempts=1))
    assert failed.value.kind in ("slow", "stalled")
    assert time.monotonic() - began < PATIENCE
    must_be_plain(failed.value)


def test_a_model_that_never_comes_to_its_end_is_left(serve: Serve) -> None:
    stub = serve(Says("word " * 1000, piece=5000, endless=True))
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        texts(reply(stub, model_attempts=1))
    assert time.monotonic() - began < PATIENCE
    assert stub.requests[0].hung_up.wait(PATIENCE)


def test_a_slow_drip_ends_with_the_time_for_one_answer(serve: Serve) -> None:
    stub = serve(Says("SAY " + "on and on " * 1000, piece=3, pause=0.05))
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        texts(reply(stub, model_seconds=0.5, model_attempts=3))
    assert time.monotonic() - began < PATIENCE


# A stop ---------------------------------------------------------------------------------------------------------------


def test_a_stop_ends_the_request(serve: Serve) -> None:
    stub, stop = serve(Says(GOOD, piece=2, pause=0.02, endless=True)), threading.Event()
    coming = iter(reply(stub, stop))
    assert next(coming).text == FIRST
    stop.set()
    assert list(coming) == []
    assert stub.requests[0].hung_up.wait(PATIENCE)
    assert len(stub.requests) == 1


def test_a_stop_hangs_up_on_a_model_that_only_keeps_the_line_open(serve: Serve) -> None:
    stub, stop = serve(Says(GOOD, stalls_after=EACH + 8)), threading.Event()
    coming = iter(reply(stub, stop))
    assert next(coming).text == FIRST
    stop.set()
    assert list(coming) == []
    assert stub.requests[0].hung_up.wait(PATIENCE)


def test_a_stop_hangs_up_on_a_model_that_has_not_said_a_word(serve: Serve) -> None:
    stub, stop = serve(Says(GOOD, first_pause=2 * PATIENCE)), threading.Event()

    def stop_once_it_is_asked() -> None:
        stub.came.wait(PATIENCE)
        stop.set()

    threading.Thread(target=stop_once_it_is_asked, daemon=True).start()
    began = time.monotonic()
    assert texts(reply(stub, stop, model_silence_seconds=2.0 * PATIENCE)) == []
    assert time.monotonic() - began < PATIENCE
    assert stub.requests[0].hung_up.wait(PATIENCE)


def test_what_was_stopped_before_it_began_is_not_asked(serve: Serve) -> None:
    stub, stop = serve(Says(GOOD)), threading.Event()
    stop.set()
    assert texts(reply(stub, stop)) == []
    time.sleep(0.2)
    assert stub.requests == []


def test_one_request_after_another_is_answered(serve: Serve) -> None:
    stub = serve(Says(GOOD))
    model = LanguageModel(model_at(stub.address))
    for _ in range(5):
        assert texts(reply_of(model, HERE)) == [FIRST, SECOND]
    assert len(stub.requests) == 5


def test_a_stop_is_heard_during_a_pause(serve: Serve) -> None:
    stub, stop = serve(Fails(429, headers=(("Retry-After", "15"),))), threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        texts(reply(stub, stop))
    assert time.monotonic() - began < 5
    assert len(stub.requests) == 1


# The key --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [Fails(401), Fails(500), Fails(400), Says(GOOD), Fails(418, message=f"no {KEY}")])
def test_the_key_is_in_no_log_and_no_error(serve: Serve, turn: Turn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with contextlib.suppress(ModelFailed):
        texts(reply(serve(turn)))
    assert KEY not in caplog.text


def test_nothing_is_traced(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tracer:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "made-up")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{tracer.getsockname()[1]}")
        get_env_var.cache_clear()  # type: ignore[attr-defined]
        assert texts(reply(serve(Says(GOOD)))) == [FIRST, SECOND]
        monkeypatch.undo()
        get_env_var.cache_clear()  # type: ignore[attr-defined]
        tracer.settimeout(2)  # it sends in a thread of its own, at once
        with pytest.raises(TimeoutError):
            tracer.accept()


@pytest.mark.parametrize("status", [301, 307, 308])
def test_nothing_goes_where_an_endpoint_points_to(serve: Serve, status: int) -> None:
    elsewhere = serve(Says(GOOD))
    stub = serve(Fails(status, headers=(("Location", f"{elsewhere.address}/chat/completions"),)))
    with pytest.raises(ModelFailed) as failed:
        texts(reply(stub))
    assert elsewhere.requests == []
    must_be_plain(failed.value)


def test_settings_keep_key_and_address_to_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://me:password@models.example/v1")
    found = ModelSettings()
    assert found.api_key.get_secret_value() == KEY
    assert found.host == "models.example"
    for shown in (repr(found), str(found), repr(LanguageModel(found))):
        assert KEY not in shown
        assert "password" not in shown


def test_without_key_and_address_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ModelSettings().is_set
    assert ModelSettings().with_key(KEY).is_set
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    assert ModelSettings().is_set
    assert not ModelSettings.none().is_set
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    monkeypatch.setenv("FOOTNOTE_MODEL", "")
    assert not ModelSettings().is_set
    assert ModelSettings().model


def must_be_plain(failed: ModelFailed) -> None:
    said = str(failed)
    assert failed.__cause__ is None  # what the client raised would show the endpoint's words in a traceback
    assert failed.__suppress_context__ or failed.__context__ is None
    assert said.endswith((".", ").")), said
    assert len(said) < 160
    assert "\n" not in said
    for word in (KEY, "Error", "Exception", "Traceback", "openai.", "{", "<html"):
        assert word not in said
