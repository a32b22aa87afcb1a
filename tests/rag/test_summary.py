"""The summary of a filing: short enough, in whole sentences, each with the filing's own words."""

from __future__ import annotations

import re

import pytest

from index.tokens import count_tokens
from rag.answer import Answer
from rag.assistant import Assistant
from tests.rag.conftest import FY2017, FY2020, FY2021

FACETS = ("revenue", "customers", "products", "channels", "financing")
WHOLE_SENTENCE = re.compile(r"^[\"“(]?[A-Z0-9].*[.!?][\"”’)]*$", re.DOTALL)


def must_be_grounded(assistant: Assistant, answer: Answer) -> None:
    """Every sentence has a footnote, and every footnote is what stands at its place in the filing."""
    for sentence in answer.sentences:
        assert sentence.verdict == "supported"
        assert sentence.citations, sentence.text
        for one in sentence.citations:
            assert assistant.text(one.filing_id)[one.start : one.end] == one.quote
            assert one.quote in assistant.passage(one.passage_id).text
            assert one.filing_id in answer.searched


@pytest.mark.parametrize("filing_id", [FY2017, FY2020, FY2021])
def test_the_summary_of_a_seed(assistant: Assistant, summaries: dict[str, Answer], filing_id: str) -> None:
    answer = summaries[filing_id]
    assert answer.answered
    assert answer.searched == (filing_id,)
    assert 0 < answer.tokens <= 512
    assert answer.tokens == count_tokens(answer.text)
    must_be_grounded(assistant, answer)
    for sentence in answer.sentences:
        assert WHOLE_SENTENCE.match(sentence.text), sentence.text
        assert " | " not in sentence.text


@pytest.mark.parametrize("filing_id", [FY2017, FY2020, FY2021])
def test_no_sentence_is_told_twice(summaries: dict[str, Answer], filing_id: str) -> None:
    texts = [sentence.text for sentence in summaries[filing_id].sentences]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("filing_id", [FY2017, FY2020, FY2021])
def test_footnotes_count_from_1_in_the_order_of_reading(summaries: dict[str, Answer], filing_id: str) -> None:
    numbers = [one.number for sentence in summaries[filing_id].sentences for one in sentence.citations]
    assert list(dict.fromkeys(numbers)) == list(range(1, max(numbers) + 1))


@pytest.mark.parametrize("filing_id", [FY2017, FY2020, FY2021])
def test_every_facet_is_told_or_named_as_silent(summaries: dict[str, Answer], filing_id: str) -> None:
    answer = summaries[filing_id]
    told = [sentence.facet for sentence in answer.sentences]
    assert {*told} | {*answer.silent} == {*FACETS}
    assert not {*told} & {*answer.silent}
    assert list(dict.fromkeys(told)) == [facet for facet in FACETS if facet in told]


def test_the_words_of_the_prompt_at_its_head_are_no_part_of_a_seed(summaries: dict[str, Answer]) -> None:
    assert all("fivehundredtwelve" not in str(answer.to_dict()) for answer in summaries.values())


def test_the_financing_of_the_largest_acquisition_is_told(summaries: dict[str, Answer]) -> None:
    financing = " ".join(one.text for one in summaries[FY2021].sentences if one.facet == "financing")
    assert "public offering" in financing
    assert "$65.2 million" in financing


@pytest.mark.parametrize("limit", [64, 65, 100, 177, 256, 512, 1024, 4096])
def test_the_limit_is_kept(assistant: Assistant, limit: int) -> None:
    answer = assistant.summarize(FY2020, max_tokens=limit)
    assert answer.answered
    assert count_tokens(answer.text) <= limit
    assert all(WHOLE_SENTENCE.match(sentence.text) for sentence in answer.sentences)
    must_be_grounded(assistant, answer)


def test_more_room_tells_more(assistant: Assistant) -> None:
    tokens = [assistant.summarize(FY2017, max_tokens=limit).tokens for limit in (64, 256, 1024)]
    assert tokens == sorted(set(tokens))


@pytest.mark.parametrize("limit", [63, 0, -1, 4097])
def test_a_limit_out_of_bounds_is_refused_in_a_plain_sentence(assistant: Assistant, limit: int) -> None:
    with pytest.raises(ValueError, match=r"64 to 4096.*\.$"):
        assistant.summarize(FY2020, max_tokens=limit)


def test_only_the_facets_that_were_asked_for_are_told(assistant: Assistant) -> None:
    answer = assistant.summarize(FY2017, facets=["products", "customers"])
    assert {sentence.facet for sentence in answer.sentences} | set(answer.silent) == {"products", "customers"}


def test_an_unknown_facet_is_named_and_the_known_ones_offered(assistant: Assistant) -> None:
    with pytest.raises(ValueError, match=r"'astrology'.*revenue.*financing\.$"):
        assistant.summarize(FY2017, facets=["products", "astrology"])


def test_an_unknown_filing_is_named(assistant: Assistant) -> None:
    with pytest.raises(KeyError) as error:
        assistant.summarize("contoso-fy1999")
    assert "contoso-fy1999" in error.value.args[0]
    assert error.value.args[0].endswith(".")


def test_a_small_filing_is_summarised_from_its_own_words(bakery: Assistant) -> None:
    answer = bakery.summarize("clean")
    assert not {"revenue", "products", "channels"} & set(answer.silent)
    assert all(words in answer.text for words in ("Wheatfield Markets", "31%", "Granite oven", "dealers"))
    must_be_grounded(bakery, answer)


def test_a_facet_that_the_filing_does_not_treat_is_silent(bakery: Assistant) -> None:
    assert "financing" in bakery.summarize("unstaffed").silent
    answer = bakery.summarize("unstaffed", facets=["financing"])
    assert not answer.answered
    assert answer.sentences == ()
    assert answer.silent == ("financing",)
    assert answer.text.endswith(".")


def test_a_silent_facet_is_not_filled_with_the_nearest_sentence(bakery: Assistant) -> None:
    assert "financing" in bakery.summarize("clean").silent


def test_competition_is_no_part_of_the_business_model_asked_for(bakery: Assistant) -> None:
    assert "larger builders" not in bakery.summarize("clean").text
