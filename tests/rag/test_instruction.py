"""What the instruction of a prompt document asks for: a limit in digits or words, and the facets that it names."""

from __future__ import annotations

import pytest

from evals.cases import SEEDS
from index.reader import split_prompt
from rag.facets import load_facets
from rag.instruction import understand_instruction

FACETS, _ = load_facets()
SEED_FILES = sorted(SEEDS.glob("*.txt"))


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_the_instruction_of_a_seed_is_understood(path: object) -> None:
    prompt, _ = split_prompt(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    asked = understand_instruction(prompt, FACETS)
    assert asked.max_tokens == 512
    assert asked.facets == ("revenue", "customers", "products", "channels", "financing")


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("in at most 300 tokens", 300),
        ("Use up to 1,024 tokens.", 1024),
        ("with two hundred and fifty tokens at max", 250),
        ("with fivehundredtwelve tokens at max", 512),
        ("in one thousand twenty-four tokens", 1024),
        ("with as many tokens as you like", None),
        ("in 9 tokens", None),
        ("in three sentences", None),
    ],
)
def test_a_limit_in_digits_or_words(words: str, limit: int | None) -> None:
    assert understand_instruction(f"Summarize the text {words}", FACETS).max_tokens == limit


def test_only_the_facets_that_are_named() -> None:
    text = "Summarize the business. Set your focus on the products and the distribution channels. Use only this text:"
    assert understand_instruction(text, FACETS).facets == ("products", "channels")


def test_an_instruction_without_a_focus_names_no_facet() -> None:
    assert understand_instruction("Summarize the financing and products of this company:", FACETS).facets == ()
