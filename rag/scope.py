"""Which filings a question is about: those of the company that it names, and none where it names a stranger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from index.filing import Filing
from rag.terms import STOP_WORDS, stem, words

COMPANY_ENDINGS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc lp nv sa software the group holdings".split()
)
NAME = re.compile(r"(?<![\w.])[A-Z][\w’'-]*[a-z][\w’'-]*")
# Capitals that name nobody: 'the CEO', 'German customers', 'in March', 'Item 7'.
NO_NAME = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday item note part form chief executive financial operating officer president vice "
    "chairman director manager internet web inc corp report annual quarter i q1 q2 q3 q4".split()
)
ITSELF = re.compile(r"\b(?:does|do) (?:it|they|this company|the business|the firm)\b", re.IGNORECASE)
FEWEST_LETTERS = 3
MOST_COMPANIES = 8192  # whose names are kept taken apart
GAP = r"[\s,.&'’-]+(?:and\s+)?"
# First words of names that are words of their own as well.
COMMON_FIRST = frozenset(
    "advanced allied american applied associated atlantic bank best big blue capital central consolidated credit data "
    "digital eastern energy federal first general global great green health home industrial international national new "
    "north northern old one open pacific public red royal south southern southwest standard state target the union "
    "united universal west western world".split()
)
OF_A_COUNTRY = re.compile(r"(?:an|ese|ish|ench|utch|iss|ic)s?$")


def names_company(question: str, filing: Filing) -> bool:
    """Whether the question names this filing's company, by its name without 'Inc.' or by its ticker."""
    short = company_words(filing.company)
    if filing.ticker and filing.ticker in question and re.search(rf"\b{re.escape(filing.ticker)}\b", question):
        return True
    # Of a thousand companies a question names one or two: the others are not worth a pattern of their own.
    if not short or short[0] not in question.casefold():
        return False
    match = re.search(name_pattern(short), question, re.IGNORECASE)
    if not match and len(short[0]) >= FEWEST_LETTERS and short[0] not in COMMON_FIRST:
        # People say Costco for Costco Wholesale; without its capital it is no name.
        first = re.search(name_pattern(short[:1]), question, re.IGNORECASE)
        return first is not None and first.group()[0].isupper()
    if not match:
        return False
    # 'the target market' is not Target's; who types without capitals altogether may mean it all the same.
    capital = any(sign.isupper() for sign in match.group())
    typed_small = not any(sign.isupper() for sign in question[1:])
    return capital or (typed_small and not re.search(r"\b(?:the|a|an|its|their|our)\s+$", question[: match.start()]))


def name_pattern(name: Sequence[str]) -> str:
    """The words of a name, however they are joined: 'Wal-Mart', 'Procter & Gamble'."""
    return rf"(?<!\w)(?:{GAP.join(map(re.escape, name))})(?!\w)"


def as_the_company(question: str, filings: Sequence[Filing]) -> str:
    """The question with 'the company' for its name: 'What does Contoso sell?', and 'What do they sell?', too."""
    for company in {filing.company for filing in filings}:
        whole, told = name_words(company), company_words(company)
        if not told or told[0] not in question.casefold():
            continue
        from_first = whole[whole.index(told[0]) :]
        for length in range(len(from_first), 0, -1):  # 'Smith Micro Software, Inc.', 'Smith Micro', 'Smith'
            called_so = rf"{name_pattern(from_first[:length])}(?:\.(?= ))?"
            question = re.sub(called_so, "the company", question, flags=re.IGNORECASE)
    return ITSELF.sub("does the company", question)


@lru_cache(maxsize=MOST_COMPANIES)
def company_words(company: str) -> tuple[str, ...]:
    return tuple(word for word in name_words(company) if word not in COMPANY_ENDINGS)


@lru_cache(maxsize=MOST_COMPANIES)
def name_words(company: str) -> tuple[str, ...]:
    """The words of a name, its endings among them; each question goes through those of every company."""
    return tuple(words(company))


def strangers(question: str, filings: Sequence[Filing]) -> tuple[str, ...]:
    """The names in a question, other than those of the companies whose filings are searched."""
    own = {part for filing in filings for word in name_words(filing.company) for part in (word, *word.split("-"))}
    own |= {filing.ticker.casefold() for filing in filings}
    own_stems = {stem(word) for word in own}
    found: dict[str, None] = {}
    for match in NAME.finditer(question):
        opens = not words(question[: match.start()])
        for word in words(re.sub(r"['’]s$", "", match.group())):
            ordinary = word in STOP_WORDS or word in NO_NAME or OF_A_COUNTRY.search(word) is not None
            if not (opens or ordinary or stem(word) in own_stems or len(word) < FEWEST_LETTERS):
                found[word] = None
    return tuple(found)
