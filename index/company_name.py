"""The company that a text without a cover is about: who says 'we' in it."""

from __future__ import annotations

import re
from collections import Counter

OPENING = 12_000  # characters
SMALL = frozenset(("&", "and", "of", "the", "de"))
SUFFIX = re.compile(
    r"(?:Inc|Incorporated|Corp|Corporation|Company|Companies|Co|plc|PLC|Ltd|Limited|LLC|L\.P|LP|N\.V|S\.A|INC|CORP|LTD|Trust|"
    r"Partnership|Fund|Group|Holdings|Bancorp)\.?,?$"
)
MOST_WORDS = 9
OFTEN = 5  # times; so often a report names the company that it is about
ABBREVIATED = re.compile(r"(?:Inc|Corp|Co|Ltd|Cos|Bros|St|[A-Z])\.$")
# A name is explained: 'Netflix, Inc. ("Netflix", the "Company", "we")'.
EXPLAINED = re.compile(
    r"(?: and (?:its|our) (?:\w+ ){0,2}(?:subsidiaries|affiliates))?,? ?"
    r"\((?=[^()\n]{0,140}\b(?:company|registrant|partnership|corporation|trust|fund|we|us|our)\b)",
    re.IGNORECASE,
)
REFERS = re.compile(r"\brefers? (?:collectively )?to (?=(?:the |The )?[A-Z])")
TRADED = re.compile(r" ?\((?:NYSE|NASDAQ|Nasdaq|AMEX|OTC)[\w ]{0,24}: ?[A-Z.]{1,6}\)")
TELLS_ITS_ORIGIN = re.compile(
    r"(?:, an? \w+ (?:corporation|company|partnership),?|\*)? (?:was|is|were) "
    r"(?:(?:\w+ )?(?:incorporated|organized|formed|founded|established|named)|"
    r"(?:an?|the|one of the) [\w, -]{0,60}?(?:company|corporation|partnership|provider|manufacturer|retailer))\b(?! of)"
)
PRONOUNS = (
    *("We", "Our", "It", "They", "You", "Bank", "Registrant", "Parent"),
    *("Bank Holding Company", "Holding Company", "Financial Holding Company", "General Partner", "Managing Partner"),
)
NOT_A_NAME = re.compile(
    r"(?:This |Each |Our |Such |An? |In |On |At |By |As |If |Since |When |Prior |Item )", re.IGNORECASE
)


def company_in_text(text: str) -> str:
    """The name that the text explains or tells the origin of, else the company it names most; nothing when unsure."""
    opening = text[:OPENING]
    for pattern in (TRADED, EXPLAINED, TELLS_ITS_ORIGIN):
        for match in pattern.finditer(opening):
            name = _name_before(opening, match.start())
            if name and (SUFFIX.search(name) or text.count(name) >= OFTEN):
                return name
    for match in REFERS.finditer(opening):
        if name := _name_after(opening, match.end()):
            return name
    named = Counter(
        name
        for match in re.finditer(r"\b(?:Inc|INC|Corp|Corporation|CORPORATION|plc|Ltd|LLC)\b", text[: 10 * OPENING])
        if (name := _name_before(text, match.end() + text.startswith(".", match.end())))
    )
    return next((name for name, times in named.most_common(1) if times > 1), "")


def _name_before(text: str, end: int) -> str:
    """The capitalised words that end at an offset, when they can be a company's."""
    line = text[max(text.rfind("\n", 0, end) + 1, end - 150) : end]
    words: list[str] = []
    for word in reversed(line.split()):
        if (words and (word.endswith((",", "-", "–", "—", ")")) and not SUFFIX.search(words[0]))) or "--" in word:
            break  # "Headquartered in Santa Clara, California, NVIDIA", "(Business Wire) -- Ulta Beauty, Inc."
        ends_sentence = words and word[-1] in '.:;!?”"' and not ABBREVIATED.search(word)
        if ends_sentence or len(words) == MOST_WORDS or not (word[0].isupper() or word in SMALL or word.isdigit()):
            break
        words.insert(0, word)
    return _checked(words)


def _name_after(text: str, start: int) -> str:
    words: list[str] = []
    for word in text[start : start + 150].split("\n")[0].split():
        if not (word[0].isupper() or word in SMALL) or len(words) == MOST_WORDS:
            break
        words.append(word)
        if SUFFIX.search(word) or word[-1] in '.,;:”"':
            break
    return _checked(words)


def _checked(words: list[str]) -> str:
    """The words as a name, unless they are how any company is called, or begin a sentence."""
    while words and (words[0] in SMALL or words[0].isdigit()):
        words = words[1:]
    name = " ".join(words).strip(' ,“"(')
    bare = name.removeprefix("The ").strip(" .,")
    own_words = [word for word in bare.split() if not SUFFIX.search(word) and word not in SMALL]
    if not own_words or bare in PRONOUNS or NOT_A_NAME.match(f"{bare} "):
        return ""
    return name
