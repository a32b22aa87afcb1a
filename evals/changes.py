"""How a true sentence is made false, as a careless or a lying composer would, and how a fair one shortens it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from index.filing import Filing, Passage
from index.folding import fold
from rag.answer import Draft
from rag.third_person import Narrator, speaks_for_itself
from rag.trim import trim
from rag.verify import verify

MONTHS = "January February March April May June July August September October November December".split()
NO_NAME = "|".join(MONTHS) + (
    "|The|Our|We|In|As|At|On|By|To|For|From|And|Company|Report|Item|Notes?|Form|Firm|Part|Section|Annual|States|United"
    "|Mr|Ms|Dr|Inc|Corp|Co|Ltd|LLC|President|Vice|Chief|Director|Internet"
)
NAME = re.compile(
    r"(?<![\w’'.&-])(?:(?<=[a-z,] )WORD(?: WORD)*|WORD(?: WORD)+)".replace(
        "WORD", rf"(?!(?:{NO_NAME})\b)[A-Z][\w&’'-]+"
    )
)
FIGURE = re.compile(  # but no year and no day of a month
    r"(?<![\w.,$€-])(?<!ary |rch |ril |May |une |uly |ust |ber )(?!(?:19|20)\d\d(?!\d|[,.]\d|%))"
    r"(?P<currency>[$€£])?(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?P<percent>%| percent)?"
    r"(?P<scale> (?:thousand|million|billion))?(?![\w-]|[.,]\d)"
)
YEAR = re.compile(r"(?<![\w.,$-])(?:19|20)\d\d(?![\w%-]|[.,]\d)")
DAY = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})\b")
DENIAL = re.compile(
    r"\bno longer |(?<!or )(?<!but )\b(?:not|never) (?!only|limited|simply|necessarily|merely)|(?<=can)not\b"
    r"|\bno (?=[a-z])"
)
AFFIRMED = re.compile(r"\b(?:is|are|was|were|can|will|may|do|does)\b(?! not| no )")
TURNED = (
    "increase/decrease increased/decreased increases/decreases increasing/decreasing grew/shrank rose/fell "
    "higher/lower growth/decline expand/reduce expanded/reduced gain/loss improved/worsened"
)
BOUNDED = "more_than/less_than at_least/at_most largest/smallest before/after maximum/minimum majority/minority"
ACTS_ON = re.compile(r"\b(?:acquired|purchased|bought|sold|owns|licensed|divested|from)\b")
SERIES = re.compile(r"respectively|compared|versus")
RANGE = re.compile(r" (?:to|and|or|through) ")
TIME = re.compile(  # of a sentence with a figure
    r"^(?:As of [A-Z]\w+ \d+, (?:19|20)\d\d|(?:In|During|For|At|As of)\b[^,]*\b(?:19|20)\d\d\b[^,]*), "
    r"(?=.*(?:[$€£]\d|\d%|\d percent|total of \d|than \d))"
)
PLACE = re.compile(  # or whatever else the figure behind it is true of
    r"^(?:In|For|At|Among|Within|Outside|Under|Through|Of)\b(?! addition| particular| general| fact| order)"
    r"[^,.\d]{0,90}, (?=(?:we|our|the|there|it)\b[^,;]{0,60}?(?<![\w.-])[$€£]?(?!(?:19|20)\d\d\b)\d)"
)
EXCEPTION = re.compile(r",? (?:excluding|except|other than|apart from|net of)\b[^,.;]*,?")
FIRST_RELATIVE = re.compile(r"\b(?:which|who) [^,]*,.*?, (?=(?:which|who) )")

UNSAFE_TO_CUT = re.compile(
    r"\b(?:not?|never|cannot|nor|without|except|unless|if|until|but|excluding|would|respectively)\b", re.IGNORECASE
)
ALL = re.compile(r"\b(?:total|consist|compris|only|all|each|segments?|between|following)", re.IGNORECASE)
CUTS = {
    "parenthesis cut": r" \([^()]*\)",
    "leading adverbial cut": r"^(?:In|As|Because|Through|With|For|From|Additionally|However|Therefore|Accordingly|By|"
    r"Moreover|Furthermore|Although|While|Today|Currently)\b[^,.\d]{0,90}, (?=(?:we|our|the|these|this|there|it)\b)",
    "first of two clauses cut": r"^(?:We|Our|The)\b.*?,? and (?=(?:we|our|the company)\b)",
    "trailing clause cut": r", (?:which|including|such as|resulting|providing|as well as|enabling|primarily|due to|"
    r"where|with)\b[^,]*(?=\.$)",
    "list shortened": r"(?<=[a-z]), (?!which|including|such)[a-z]+(?: [a-z]+){0,3}(?=, (?:and|or) [a-z])",
}


@dataclass(frozen=True)
class TrueSentence:
    """A sentence of a filing, and what stands around it."""

    text: str
    passage: Passage
    filing: Filing
    folded_filing: str
    names: tuple[str, ...]  # all those of the filing


@dataclass(frozen=True)
class Case:
    """What is offered to verification, and the true sentence that it was made of."""

    kind: str
    text: str
    source: TrueSentence

    @cached_property
    def passed(self) -> tuple[bool, ...]:
        """Whether a reader would see it, one answer a way."""
        passage, company = self.source.passage, self.source.filing.company
        drafts = [
            Draft(self.text, (passage.id,), quotes=quotes)
            for quotes in ((self.source.text,), (), (passage.text,))  # as in WAYS
        ]
        return tuple(one.verdict == "supported" for one in verify(drafts, {passage.id: passage}, [company]))


Match = re.Match[str]
Change = Callable[[TrueSentence, random.Random], str]  # '' where the sentence has nothing to change

# What makes a sentence false ------------------------------------------------------------------------------------------


def _rewritten(pattern: re.Pattern[str], others: Callable[[Match, TrueSentence], list[str]]) -> Change:
    """One of the places that fit the pattern, written as one of the others; both are drawn by lot."""

    def change(true: TrueSentence, chance: random.Random) -> str:
        found = list(pattern.finditer(true.text))
        match = chance.choice(found) if found else None
        offered = [other for other in others(match, true) if other != match.group()] if match else []
        return _put(true.text, match, chance.choice(offered)) if match and offered else ""

    return change


def _exchanged(pattern: re.Pattern[str], allowed: Callable[[str, Match, Match], bool]) -> Change:
    """'61% in 2017 and 63% in 2016' as '63% in 2017 and 61% in 2016'."""

    def change(true: TrueSentence, chance: random.Random) -> str:
        pairs = [
            (one, other)
            for one, other in combinations(pattern.finditer(true.text), 2)
            if not _kin(one.group(), other.group()) and allowed(true.text, one, other)
        ]
        one, other = chance.choice(pairs) if pairs else (None, None)
        return _put(_put(true.text, other, one.group()), one, other.group()) if one and other else ""

    return change


def _digits(figure: Match, _true: TrueSentence) -> list[str]:
    text = figure.group()
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    return [text[:place] + digit + text[place + 1 :] for place in places for digit in "123456789"]


def _units(figure: Match, _true: TrueSentence) -> list[str]:
    bare = figure["digits"] + (figure["scale"] or "")
    return [bare, f"€{bare}", f"${bare}", f"{figure['digits']}%"]


def _scales(figure: Match, _true: TrueSentence) -> list[str]:
    bare = figure.group().removesuffix(figure["scale"] or "")
    return [bare, *(f"{bare} {scale}" for scale in ("thousand", "million", "billion"))] if figure["scale"] else []


def _figures_around(figure: Match, true: TrueSentence) -> list[str]:
    around = [one for one in FIGURE.finditer(true.passage.text) if one.group() not in true.text]
    return [one.group() for one in around if _same_sort("", one, figure)]


def _strangers(names: Iterable[str], true: TrueSentence) -> list[str]:
    return [name for name in names if not _kin(name, true.text)]


def _same_sort(text: str, one: Match, other: Match) -> bool:
    alike = all(one[part] == other[part] for part in ("currency", "percent", "scale"))
    return alike and not RANGE.fullmatch(text[one.end() : other.start()])


def _one_acts_on_the_other(text: str, one: Match, other: Match) -> bool:
    once = text.count(one.group()) == text.count(other.group()) == 1
    return once and bool(ACTS_ON.search(text[one.end() : other.start()]))


def _opposites(pairs: str) -> Change:
    words = dict(pair.replace("_", " ").split("/") for pair in pairs.split())
    words |= {other: one for one, other in words.items()}
    return _rewritten(re.compile(rf"\b(?:{'|'.join(words)})\b"), lambda match, _true: [words[match.group()]])


def _put(text: str, match: Match, words: str) -> str:
    return text[: match.start()] + words + text[match.end() :]


def _kin(one: str, other: str) -> bool:
    """Whether they share a word or a figure."""
    return bool(set(re.findall(r"[\w.]+", fold(one))) & set(re.findall(r"[\w.]+", fold(other))))


FALSE: dict[str, Change] = {
    "digit changed": _rewritten(FIGURE, _digits),
    "scale changed or dropped": _rewritten(FIGURE, _scales),
    "unit changed, dropped or added": _rewritten(FIGURE, _units),
    "year one off": _rewritten(YEAR, lambda year, _true: [str(int(year.group()) + step) for step in (-1, 1)]),
    "day changed": _rewritten(DAY, lambda day, _true: [f"{day[1]} {int(day[2]) % 28 + 1}"]),
    "month changed": _rewritten(DAY, lambda day, _true: [f"{month} {day[2]}" for month in MONTHS]),
    "name of the filing": _rewritten(NAME, lambda _name, true: _strangers(true.names, true)),
    "name of the passage": _rewritten(NAME, lambda _name, true: _strangers(NAME.findall(true.passage.text), true)),
    "names exchanged": _exchanged(NAME, _one_acts_on_the_other),
    "figure of the passage": _rewritten(FIGURE, _figures_around),
    "figures exchanged": _exchanged(FIGURE, _same_sort),
    "years exchanged": _exchanged(YEAR, lambda text, _a, _b: bool(SERIES.search(text) and FIGURE.search(text))),
    "denial dropped": _rewritten(DENIAL, lambda _denial, _true: [""]),
    "denial added": _rewritten(AFFIRMED, lambda verb, _true: [f"{verb.group()} not"]),
    "direction turned": _opposites(TURNED),
    "bound turned": _opposites(BOUNDED),
    "time of a figure cut": _rewritten(TIME, lambda _time, _true: [""]),
    "place of a figure cut": _rewritten(PLACE, lambda _place, _true: [""]),
    "exception cut": _rewritten(EXCEPTION, lambda _exception, _true: [""]),
    "relative clauses spliced": _rewritten(FIRST_RELATIVE, lambda _clause, _true: [""]),
    "certainty raised": _rewritten(re.compile(r"\b(?:may|could|might)\b"), lambda _may, _true: ["will"]),
}

# What leaves it fair --------------------------------------------------------------------------------------------------


def _cut(kind: str) -> Change:
    def change(true: TrueSentence, _chance: random.Random) -> str:
        match = re.search(CUTS[kind], true.text)
        if not match or UNSAFE_TO_CUT.search(match.group()) or (kind == "list shortened" and ALL.search(true.text)):
            return ""
        if PLACE.match(true.text):  # without it the figure would be told of more than it is true of
            return ""
        rest = _put(true.text, match, "")
        return rest[:1].upper() + rest[1:] if len(rest.split()) >= 5 else ""

    return change


def _third_person(true: TrueSentence, _chance: random.Random) -> str:
    """As the summary and the answers tell it."""
    company = true.filing.company if true.filing.company not in true.filing.source else ""  # a file's name is none
    told = Narrator(company, true.filing.text).tell(trim(true.text))
    return told if told != true.text and not speaks_for_itself(told) else ""


FAIR: dict[str, Change] = {"verbatim": lambda true, _chance: true.text, "third person": _third_person}
FAIR |= {kind: _cut(kind) for kind in CUTS}
