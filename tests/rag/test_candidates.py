"""What could be said of a filing: its sentences, and its lists drawn together, always with its own words for it."""

from __future__ import annotations

from rag.assistant import Assistant
from rag.candidates import candidates, product_names
from tests.rag.conftest import FY2017
from tests.rag.made_up import passage

LIST = """Overview
We help our customers:
- Provide family safety services, such as parental controls, to consumers;
- Manage mobile devices over the air; and
- Reduce operational costs.
Customers pay by the month.
"""


def test_every_candidate_rests_on_words_of_its_passages(assistant: Assistant) -> None:
    passages = {one.id: one for one in assistant.passages(FY2017)}
    found = candidates(list(passages.values()))
    assert len(found) > 50
    for candidate in found:
        assert candidate.parts
        assert all(words in passages[passage_id].text for passage_id, words in candidate.parts)


def test_candidates_come_in_the_order_of_reading(assistant: Assistant) -> None:
    places = [candidate.place for candidate in candidates(assistant.passages(FY2017))]
    assert places == list(range(len(places)))


def test_headings_and_rows_of_tables_are_no_sentences(assistant: Assistant) -> None:
    texts = [candidate.text for candidate in candidates(assistant.passages(FY2017))]
    assert not [text for text in texts if " | " in text]
    assert not {"Key Revenue Contributors", "Business Segments", "Item 1. BUSINESS"} & set(texts)


def test_a_list_and_its_introduction_are_one_sentence() -> None:
    drawn = [candidate for candidate in candidates([passage(LIST)]) if candidate.composed]
    assert len(drawn) == 1
    assert drawn[0].text.startswith("We help our customers: ")
    assert all(words in drawn[0].text for words in ("family safety", "over the air", "operational costs"))
    assert len(drawn[0].parts) == 4


def test_the_sentence_after_a_list_stands_alone() -> None:
    assert "Customers pay by the month." in [candidate.text for candidate in candidates([passage(LIST)])]


def test_a_sentence_that_points_back_knows_what_it_leans_on() -> None:
    found = candidates([passage("Carriers buy our apps for their subscribers. They pay us by the month.\n")])
    assert [candidate.leans_on for candidate in found] == [None, 0]


def test_no_passages_give_no_candidates() -> None:
    assert candidates([]) == []


def test_the_title_of_an_item_is_no_sentence_though_it_ends_like_one() -> None:
    title = "Item 10. Directors, Executive Officers, and Corporate Governance."
    told = "Item 5 of this report tells when dividends were paid."
    assert [one.text for one in candidates([passage(f"{title}\n\n{told}", 1)])] == [told]


def test_a_made_up_word_of_hyphens_holds_nobody() -> None:
    # The limit of time of every test ends this one where names are looked for in more than linear time.
    text = f"We sell A{'b-A' * 900} and Granite® ovens. Bakers like their Granite® oven."
    assert [name for _, name in product_names([passage(text)], set())] == ["Granite®"]
