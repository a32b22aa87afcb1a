"""What a question is searched by: its subject without its wrapping, a report's own terms, and the right statement."""

from __future__ import annotations

import pytest

from rag.figure_spellings import figure_spellings
from rag.question_cleaning import subject_of
from rag.search_query import search_query
from rag.vocabulary import concepts_in


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        (
            "What is the FY2018 capital expenditure amount (in USD millions) for Contoso? Give a response to the "
            "question by relying on the details shown in the cash flow statement.",
            "What is the FY2018 capital expenditure amount?",
        ),
        (
            "Assume that you are an equities analyst. Answer the following question by primarily using information "
            "that is shown in the balance sheet: what are net receivables? Answer in USD billions.",
            "what are net receivables?",
        ),
        (
            "Taking into account the information outlined in the income statement, what is Contoso's gross margin? "
            "Round your answer to two decimal places.",
            "what is gross margin?",
        ),
        (
            "Is the quick ratio of Contoso Instruments healthy? If the quick ratio is not a useful metric for a "
            "company like this, then please state that and explain why.",
            "Is the quick ratio of healthy?",
        ),
        ("Explain the policy on leases", "Explain the policy on leases"),
        ("What do customers use data centers for?", "What do customers use data centers for?"),
        ("Who are customers using the data center?", "Who are customers using the data center?"),
        ("Contoso", "Contoso"),
    ],
)
def test_the_subject_is_what_is_left_of_a_question(question: str, subject: str) -> None:
    assert subject_of(question, ["Contoso Instruments, Inc.", "CTSO"]) == subject


def test_a_first_word_of_its_own_right_is_no_companys_name() -> None:
    assert subject_of("Do American households buy it?", ["American Ovens, Inc."]) == "Do American households buy it?"
    assert subject_of("What does American Ovens sell?", ["American Ovens, Inc."]) == "What does sell?"


@pytest.mark.parametrize(
    ("question", "line", "statements"),
    [
        ("What was capex?", "purchases of property", ("cash",)),
        ("How high is the current ratio?", "total current liabilities", ("balance",)),
        ("What are the days payable outstanding?", "accounts payable", ("balance", "income")),
        ("How much cash & cash equivalents is there?", "cash and cash equivalents", ("balance",)),
        ("What were the operating margins?", "operating income", ("income",)),
        ("Which debt securities are registered?", "title of each class", ()),
    ],
)
def test_what_is_asked_for_is_searched_in_a_reports_own_terms(
    question: str, line: str, statements: tuple[str, ...]
) -> None:
    query = search_query(question)
    assert line in query.lines
    assert query.implied == statements


def test_of_names_within_one_another_the_longest_counts() -> None:
    (concept,) = concepts_in("What was the gross margin?")
    assert "gross profit" in concept.lines
    (ratio,) = concepts_in("Has the inventory turnover ratio improved?")
    assert "cost of sales" in ratio.lines


def test_a_question_after_causes_is_not_sent_to_the_statements() -> None:
    assert search_query("What was the operating margin?").implied == ("income",)
    assert search_query("What drove the change of the operating margin?").implied == ()


def test_the_statement_that_a_question_names_is_known_though_its_subject_does_not_hold_it() -> None:
    query = search_query("Using the cash flow statement, what was spent on property?")
    assert query.named == ("cash",)
    assert query.meaning == "what was spent on property?"
    assert search_query("Are there off-balance sheet arrangements?").named == ()


def test_years_and_the_words_of_asking_are_not_searched_for() -> None:
    query = search_query("What were the approximate costs of shipping in fiscal 2020 and FY21?")
    assert set(query.words) == {"approximate", "costs", "shipping"}
    assert query.years == ("2020", "2021")


@pytest.mark.parametrize("written", ["$65.2 million", "65.2m", "65,200 thousand", "$65,200,000"])
def test_an_amount_is_looked_for_in_every_writing(written: str) -> None:
    spellings = figure_spellings(f"What was {written} paid for?")
    assert {"65.2 million", "65,200", "65,200,000"} <= set(spellings)


def test_years_and_small_numbers_are_no_amounts() -> None:
    assert figure_spellings("What were the 3 largest plants in 2020?") == []
    assert figure_spellings("Who holds 12.5% of it?") == ["12.5%", "12.5 percent"]
