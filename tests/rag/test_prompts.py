"""What a language model is given: as much as it can hold, fenced, in reading order, and nothing that is secret."""

from __future__ import annotations

import re

import pytest

from index.tokens import count_tokens
from rag.prompts import Wish, mend_request, prompt_for
from tests.rag.made_up import filing, passage

PASSAGES = [passage(f"Contoso sells bench number {number}. " * 12, number) for number in range(60)]
FILINGS = [filing("contoso-fy2021", 2021)]
ASKED = Wish("What is {sold}?")


def numbers_shown(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\nContoso sells bench number (\d+)", text)]


@pytest.mark.parametrize("window", [2048, 4096, 8192, 32_000])
def test_a_prompt_leaves_room_for_the_answer(window: int) -> None:
    text = "".join(message for _, message in prompt_for(ASKED, PASSAGES, FILINGS, window).messages)
    assert count_tokens(text) <= 0.75 * window
    assert len(numbers_shown(text)) >= min(60, window * 0.75 // 150 - 8)


def test_the_best_come_in_and_stand_in_reading_order() -> None:
    best_first = [PASSAGES[41], PASSAGES[7], *PASSAGES]
    shown = numbers_shown(prompt_for(ASKED, best_first[:2] + PASSAGES[50:], FILINGS, 2048).messages[1][1])
    assert {7, 41} <= set(shown)
    assert shown == sorted(shown)


def test_one_passage_is_always_there() -> None:
    long = passage("Contoso sells bench number 1. " * 2000)
    assert numbers_shown(prompt_for(ASKED, [long], FILINGS, 2048).messages[1][1]) == [1]


def test_ids_are_opaque_and_belong_to_one_prompt() -> None:
    one, other = (prompt_for(ASKED, PASSAGES[start : start + 3], FILINGS, 8192) for start in (0, 1))
    assert set(one.passage_of.values()) == {passage.id for passage in PASSAGES[:3]}
    assert not set(one.passage_of) & set(other.passage_of)
    assert not any(passage.id in one.messages[1][1] for passage in PASSAGES)


def test_braces_of_a_question_or_a_filing_are_only_braces() -> None:
    text = prompt_for(ASKED, [passage("We sell {benches} and {0}.")], FILINGS, 8192).messages[1][1]
    assert "We sell {benches} and {0}." in text
    assert "What is {sold}?" in text
    assert "{it}" in mend_request([("It sells {it}.", "Why {not}?")])


def test_a_summary_names_its_heads_and_its_length() -> None:
    wish = Wish("Summarise", (("sales", "Sales. How is it sold?"), ("customers", "Customers.")), 500, "Contoso")
    text = prompt_for(wish, PASSAGES[:2], FILINGS, 8192).messages[1][1]
    assert "- sales: Sales. How is it sold?\n- customers: Customers." in text
    assert "300 words" in text
    assert "SAY [sales]" in text
