"""A sentence as the words that count in a comparison: one spelling, figures by value, one sign for the company."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.folding import fold
from rag.figures import NUMBER_WORDS, figure_spans

SPELLINGS = (
    (re.compile(r"\b(?:u\.s\.a?\.?|united states of america|usa)(?=\W|$)"), "united states"),
    (re.compile(r"\bu\.k\.(?=\W|$)"), "united kingdom"),
    (re.compile(r"\bper cent\b"), "percent"),
    (re.compile(r"\bother than\b"), "other-than"),
    (re.compile(r"\b(?:save|but) for\b"), "save-for"),
    (re.compile(r"\b(together|along|jointly) with\b"), r"\1-with"),
    (re.compile(r"\bas well as\b"), "as-well-as"),
    (re.compile(r"\bin round (?:figures|numbers)\b"), "approximately"),
    (re.compile(r"\bapart from\b"), "apart-from"),
    (re.compile(r"\bnet of\b"), "net-of"),
    (re.compile(r"\bprovided,? (?:that|however)\b"), "provided-that"),
    (re.compile(r"\bwith the exception of\b"), "except"),
    (re.compile(r"\b(?:as|so) long as\b"), "as-long-as"),
    (re.compile(r"\bin (?:the event|case)(?: of| that)\b"), "in-the-event"),
    # Where these open a clause; 'we are subject to taxes' states no condition.
    (re.compile(r"(^|[,;(—])\s*(?:subject to|pending)\b"), r"\1 subject-to"),
    (
        re.compile(r"(^|[,;(—])\s*(?:contingent|conditional|conditioned|dependent|depending) (?:up)?on\b"),
        r"\1 subject-to",
    ),
    (
        re.compile(
            r"\b(?:according to|in the (?:opinion|view|judgment|words) of|"
            r"as (?:reported|estimated|published|determined|calculated|stated) by)\b"
        ),
        "according-to",
    ),
    (
        re.compile(r"\b(?:to (?:the best of )?our knowledge|in our (?:opinion|view|judgment|estimation))\b"),
        "as-we-think",
    ),
    (re.compile(r"\bthe company\b"), "company"),
)
COUNTRY = re.compile(r"\bUS\b(?!\$)")  # in capitals it is the country, and never the company
SHORT_YEAR = re.compile(r"\bFY\s?'?(\d{4})\b")
TOKEN = re.compile(r"#\S+|[a-z0-9][a-z0-9'.&-]*[a-z0-9]|[a-z0-9]|[,;:()—-]")
PUNCTUATION = frozenset(",;:()-")
# The company speaks of itself, or is spoken of: one word for the same thing.
SELF = "@"
FIRST_PERSON = frozenset("we our ours us ourselves".split())
OPENS_CLAUSE = frozenset("which who whose that where while although because as and or but including".split())


@dataclass(frozen=True)
class ClaimWord:
    word: str
    opens_clause: bool  # a comma, a parenthesis or a joining word stands before it
    in_parentheses: bool


def claim_words(text: str, names: Sequence[list[str]]) -> list[ClaimWord]:
    """The words in one spelling: figures by their value, and one sign for the company, however it is called."""
    marked = text = COUNTRY.sub("United States", SHORT_YEAR.sub(r"fiscal year \1", text))
    for start, end, figure in reversed(figure_spans(text)):
        unit = "points" if figure.points else "%" if figure.percent else ""
        # '2,000 customers' is no year.
        value = f"{figure.value}.0" if figure.looks_like_year and "," in text[start:end] else figure.value
        marked = f"{marked[:start]} #{figure.currency}{value}{unit} {marked[end:]}"
    folded = fold(marked)
    for spelling, one in SPELLINGS:
        folded = spelling.sub(one, folded)
    tokens: list[ClaimWord] = []
    opens, depth, run = True, 0, 0  # run: how many words of the company's name have just been read
    for match in TOKEN.finditer(folded):
        owns = match.group().endswith("'s")
        word = match.group().removesuffix("'s").strip("'.-")
        word = f"#{NUMBER_WORDS[word]}" if word in NUMBER_WORDS and word != "one" else word
        if match.group() in PUNCTUATION:
            opens, run = True, 0
            depth = max(0, depth + {"(": 1, ")": -1}.get(match.group(), 0))
        elif word:
            if run and any(word in name[run : run + 1] for name in names):
                run = 0 if owns else run + 1  # 'Smith Micro Software' is one name
                continue
            is_name = any(word == name[0] for name in names if name)
            run = int(is_name and not owns)  # but in "Smith Micro's software" the software is none of it
            itself = is_name or word in FIRST_PERSON or word == "company"
            tokens.append(ClaimWord(SELF if itself else word, opens or word in OPENS_CLAUSE, depth > 0))
            opens = False
    return tokens


def as_written(word: str) -> str:
    """A word as a reader knows it: figures are marked, for they are compared by their value."""
    return word.removeprefix("#")
