"""The words that both faces share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.made_up_answers import HOSTILE, filing
from ui.wording import (
    counted,
    for_markdown,
    place_of,
    sentence_of,
    short_label,
    taken_of_the_model,
    without_controls,
    without_folder,
)


def test_nothing_that_steers_a_terminal_is_left() -> None:
    safe = without_controls(HOSTILE)
    assert not set(safe) & {"\x1b", "\x9b", "\u202e"}
    assert "gnirts" in safe


def test_lines_and_tabs_are_left() -> None:
    assert without_controls("a\n\tb") == "a\n\tb"


@pytest.mark.parametrize("sign", list("\\`*_{}[]()<>#+-.!|~$&"))
def test_every_sign_of_markdown_is_escaped(sign: str) -> None:
    assert for_markdown(f"a{sign}b") == f"a\\{sign}b"


def test_shortcodes_are_broken() -> None:
    assert ":red" not in for_markdown(":red[hi]")
    assert ":smile:" not in for_markdown("a :smile: b")


def test_things_are_counted_as_people_do() -> None:
    assert counted(1, "sentence") == "1 sentence"
    assert counted(1204, "passage") == "1,204 passages"
    assert counted(0, "page") == "0 pages"


def test_a_place_names_what_is_known_of_it() -> None:
    here = filing()
    assert place_of(here.id, "1", 3, [here]) == "Acme, Inc. 10-K FY2020 · Item 1 · page 3"
    assert place_of("gone", "", None, [here]) == "gone"


def test_a_filing_without_a_year_is_called_by_its_period() -> None:
    assert short_label(filing()) == "10-K FY2020"


def test_a_key_error_loses_its_quotation_marks() -> None:
    assert sentence_of(KeyError("No filing 'x' in the library.")) == "No filing 'x' in the library."


def test_an_unexpected_error_is_still_one_line() -> None:
    assert "\n" not in sentence_of(TypeError("first\nsecond"))
    assert "TypeError" in sentence_of(TypeError("first"))


def test_what_an_answer_took_of_a_model_is_told_and_nothing_where_none_was_asked() -> None:
    assert taken_of_the_model(0, 0.0) == ""
    assert taken_of_the_model(1204, 0.0) == "1,204 tokens of the language model"
    assert taken_of_the_model(1204, 0.00284) == "1,204 tokens of the language model, cost 0.0028"


def test_the_place_of_the_library_is_not_told() -> None:
    told = without_folder("It could not be shared: the disk with /srv/footnote is full.", Path("/srv/footnote"))
    assert told == "It could not be shared: the disk with the library's folder is full."
