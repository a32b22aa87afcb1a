"""The model that measures are taken with says the same in both forms, and knows when its first sentence is complete."""

from __future__ import annotations

import pytest

from evals.scripted_model import MENDING, Line, as_lines, as_object, sayings
from rag.model_objects import ReplyReader
from rag.prompts import JSON, LINES, Form, Wish, prompt_for
from tests.rag.made_up import filing, passage

SOLD, STAFF = "We sell “test benches” to carmakers.", "We have 412 employees in Ulm."
PASSAGES = [passage(SOLD), passage(STAFF, 1)]
ASKED = "What is sold?"
HEADS = (("products", "Products. What is sold?"),)
LABEL = filing("contoso-fy2021", 2021).label
SCRIPT = [
    Line(ASKED, "", "It sells “test benches” to carmakers.", (SOLD,)),
    Line(ASKED, "", "It has 412 employees in Ulm.", (STAFF,)),
    Line(LABEL, "products", "It sells “test benches”.", (SOLD,)),
    Line(ASKED, "", "It sells boats.", ("We sell boats.",)),
]


def messages(wish: Wish, form: Form = LINES) -> list[str]:
    return [text for _, text in prompt_for(wish, PASSAGES, [filing("contoso-fy2021", 2021)], 8192, form).messages]


@pytest.mark.parametrize("form", [LINES, JSON], ids=["lines", "object"])
def test_the_script_is_said_in_either_form(form: Form) -> None:
    prompt = prompt_for(Wish(ASKED), PASSAGES, [filing("contoso-fy2021", 2021)], 8192, form)
    text, end_of_first = (as_object if form.schema else as_lines)(sayings(messages(Wish(ASKED), form), SCRIPT))
    reader = ReplyReader(prompt.passage_of)
    first = list(reader.feed(text[:end_of_first]))
    assert [(one.text, one.quotes, one.passage_ids) for one in first] == [
        ("It sells “test benches” to carmakers.", (SOLD,), (PASSAGES[0].id,))
    ]
    assert not list(ReplyReader(prompt.passage_of).feed(text[: end_of_first - 1])), "not a letter sooner"
    rest = [*reader.feed(text[end_of_first:]), *reader.end()]
    assert [one.text for one in rest] == ["It has 412 employees in Ulm."]
    assert reader.is_done


def test_each_is_said_where_it_belongs() -> None:
    summary = messages(Wish("Summarise", HEADS, 500, "Contoso"))
    assert [(head, text) for head, text, _ in sayings(summary, SCRIPT)] == [("products", "It sells “test benches”.")]
    assert sayings(messages(Wish("What is cooked?")), SCRIPT) == []
    assert sayings([*messages(Wish(ASKED)), f"{MENDING} ..."], SCRIPT) == []


@pytest.mark.parametrize(
    ("say", "nothing"), [(as_lines, "NOT SAID\nDONE\n"), (as_object, '{"sentences": [], "next": []}')]
)
def test_nothing_is_said_so(say: type, nothing: str) -> None:
    assert say([]) == (nothing, 0)
