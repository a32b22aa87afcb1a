"""'We sell to carriers' becomes 'Smith Micro sells to carriers': a filing's own sentences, told by somebody else.

Only the person changes, and the verb that agrees with it; no fact does, and verification looks at the result like at
any other sentence. What cannot be turned safely is left as it is, and `speaks_for_itself` says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from lemminflect import getAllLemmas, getInflection

from index.filing import Filing
from rag.terms import words

# "US" is the country.
FIRST_PERSON = re.compile(r"\b(?:[Ww]e|WE|[Oo]urs?|OUR|[Uu]s|[Oo]urselves)\b(?!-)")
SUBJECT = re.compile(r"\bwe\b", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
# (“Netflix”, “the Company”, “we”, or “us”): the definition of the pronoun, not a use of it.
DEFINES_US = re.compile(r"\s*\((?=[^()]*[“\"](?:we|our|us|the company),?[”\"])[^()]*\)", re.IGNORECASE)
GENERIC_US = re.compile(r"\b(?:most|many|all|some|each|both|none|any|few) of us\b", re.IGNORECASE)
AUXILIARIES = {"are": "is", "have": "has", "do": "does", "were": "was", "aren’t": "isn’t", "aren't": "isn't"}
AUXILIARIES |= {"haven’t": "hasn’t", "haven't": "hasn't", "don’t": "doesn’t", "don't": "doesn't", "weren't": "wasn't"}
PLURALS = {singular: plural for plural, singular in AUXILIARIES.items()}
MODALS = frozenset("will would may might can could shall should must cannot had did ought".split())
ADVERBS = frozenset(
    "also then now not never still both each all further always often together ourselves currently generally "
    "therefore thus again instead too even just only well hereby first".split()
)
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
# After "and", a word that may also be a noun is a verb of the same subject when one of these follows it.
AFTER_A_VERB = frozenset("a an the our its their these those this it them in on with from into over all most".split())
SELDOM_NOUNS = frozenset("sell buy serve make own use".split())
JOINED = re.compile(r"(?P<joint>,?\s+(?:and|or)\s+(?:\w+ly\s+|also\s+)?|,\s+)(?P<word>[a-z][a-z’'-]*)")
ENDS_CLAUSE = re.compile(r"[;:.]|\b(?:that|which|who|where|when|if|because|while|so|but|to|will|may|can|is|are)\b")
COUNTS = re.compile(r"\s(?:(?:about|approximately|all|another)\s)?\d[\d,]*(?:\s[\w-]+){0,2}")  # '12', '12 of them'
DENIED = re.compile(r"(?:do|did) not\b|(?:do|did)n[’']t\b")
INVERTED = re.compile(r"\b(do|have|are|were) we\b")  # 'nor do we sell': the verb that agrees comes first
COMPANY_ENDING = re.compile(
    r"(?<![,\s])[,\s]+(?:(?:&|and)\s)?(?:inc|incorporated|corp|corporation|co|company|companies|ltd|limited|llc|l\.l\.c|plc|l\.?p|n\.?v|s\.?a|ag|"
    r"group|holdings?)\.?$",
    re.IGNORECASE,
)


Change = tuple[int, int, str]  # where in a sentence, and what stands there instead


class Narrator:
    """Tells the sentences of one filing in the third person."""

    def __init__(self, company: str, text: str = "") -> None:
        self.name = short_name(company, text)

    def tell(self, sentence: str) -> str:
        """The sentence in the third person; unchanged where it has no first person."""
        sentence = INVERTED.sub(_turned, DEFINES_US.sub("", sentence))
        if not FIRST_PERSON.search(sentence) or GENERIC_US.search(sentence):
            return sentence
        changes: list[Change] = []
        named = self._names_itself_first(sentence)
        for match in FIRST_PERSON.finditer(sentence):
            if _inside_quotation(sentence, match.start()):
                continue
            opens = _opens(sentence, match.start())
            pronoun = match.group().casefold()
            # 'In our segment, we sell': its own comes first, and the name where the subject stands.
            subject_follows = pronoun == "our" and not named and bool(SUBJECT.search(sentence, match.end()))
            if pronoun == "we":
                subject = self.name if not named else "it"
                changes.append((*match.span(), _capital(subject) if opens else subject))
                changes += _verbs_in_third_person(sentence, match.end())
            else:
                changes.append((*match.span(), self._instead(pronoun, named or subject_follows, opens)))
            named = named or not subject_follows
        return _changed(sentence, changes)

    def _instead(self, pronoun: str, named: bool, opens: bool) -> str:
        if pronoun == "us":
            return "it" if named else self.name
        if pronoun == "ourselves":
            return "itself"
        own = "its" if named else f"{self.name}’" if self.name.endswith("s") else f"{self.name}’s"
        return _capital(own) if opens else own

    def _names_itself_first(self, sentence: str) -> bool:
        """'The Company believes that its ...': the subject is named before the first 'we'."""
        first = FIRST_PERSON.search(sentence)
        before = sentence[: first.start()] if first else ""
        return bool(re.search(rf"\b(?:{re.escape(self.name)}|the company)\b", before, re.IGNORECASE))


class Narrators:
    """A narrator for each filing, made when its first sentence is told."""

    def __init__(self) -> None:
        self._made: dict[str, Narrator] = {}

    def of(self, filing_id: str, filing_of: Callable[[str], Filing]) -> Narrator:
        if filing_id not in self._made:
            filing = filing_of(filing_id)
            self._made[filing_id] = Narrator(filing.company if filing.names_its_company else "", filing.text)
        return self._made[filing_id]


@cache
def agreeing(word: str) -> str:
    """One form for all that differ by number alone: 'sell' for 'sells', 'have' for 'has', 'year' for 'years'."""
    if word in PLURALS:
        return PLURALS[word]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        lemmas = getAllLemmas(word)
        for kind, form in (("VERB", "VBZ"), ("NOUN", "NNS")):
            for lemma in lemmas.get(kind, ()):
                if word in getInflection(lemma, form):
                    return str(lemma)
    return word


def speaks_for_itself(sentence: str) -> bool:
    """Whether a first person is left that is not quoted."""
    return any(not _inside_quotation(sentence, match.start()) for match in FIRST_PERSON.finditer(sentence))


def short_name(company: str, text: str) -> str:
    """What the filing calls its company: 'Smith Micro' of 'Smith Micro Software, Inc.'."""
    name = company.strip()
    while (shorter := COMPANY_ENDING.sub("", name).strip(" ,")) != name and shorter:
        name = shorter
    name = re.sub(r"^the (?=[A-Z])", "", name, flags=re.IGNORECASE)
    parts = name.split()
    if not parts:
        return "the company"
    counts = [text.count(" ".join(parts[: length + 1])) for length in range(len(parts))] + [0]
    # Uses of each shorter name alone: those within a longer one do not count.
    alone = [counts[length] - counts[length + 1] for length in range(len(parts))]
    length = max(range(len(parts)), key=lambda number: (alone[number], number))
    best = " ".join(parts[: length + 1]) if alone[length] > 2 and len(parts[length]) > 2 else name
    best = name if best.casefold().endswith((" of", " and", " &")) else best.strip(",")
    if not best.isupper():
        return best
    # 'SIGMARENOPRO INC.' on the cover is 'SigmaRenoPro' in the text; 'NVIDIA' and 'IBM' are in capitals there too.
    written = Counter(re.findall(rf"\b{re.escape(best)}\b", text, re.IGNORECASE))
    usual = max(written, key=lambda one: (written[one], one), default=best)
    if usual == best and len(best) > 6:
        return max((one for one in written if one != best), key=lambda one: (written[one], one), default=best.title())
    return usual


def _changed(sentence: str, changes: list[Change]) -> str:
    told, position = [], 0
    for start, end, instead in sorted(set(changes)):
        told += [sentence[position:start], instead]
        position = end
    return "".join([*told, sentence[position:]])


def _verbs_in_third_person(sentence: str, position: int) -> Iterator[Change]:
    """The verb after 'we', and those joined to it."""
    while True:
        word, start, end = _next_word(sentence, position)
        if not word or word.casefold() in MODALS:  # 'we may sell': nothing after a modal agrees
            return
        if not _is_adverb(word.casefold()):
            break
        position = end
    yield start, end, _third_person(word)
    if not DENIED.match(sentence, start):  # 'we do not issue cards, extend credit or lend': only the first verb agrees
        yield from _coordinated(sentence, end)


def _coordinated(sentence: str, position: int) -> Iterator[Change]:
    """Verbs joined to the first one: 'design, make and sell shoes', 'own stores and rely on dealers'."""
    for match in JOINED.finditer(sentence, position):
        between = sentence[position : match.start()]
        if ENDS_CLAUSE.search(between):
            break
        word = match.group("word")
        counts = COUNTS.fullmatch(between) and COUNTS.match(sentence, match.end())  # 'own 12 and lease 19'
        if is_base_verb(word) and (not between or counts or _takes_a_verbs_place(sentence, word, match.end())):
            yield *match.span("word"), _third_person(word)
            position = match.end()


def _turned(match: re.Match[str]) -> str:
    return f"{AUXILIARIES[match.group(1)]} it"


def _takes_a_verbs_place(sentence: str, word: str, end: int) -> bool:
    """'... and sell spare parts' goes on with the subject; 'and support to customers', 'and live chat' do not."""
    following, start, _ = _next_word(sentence, end)
    if not following or "," in sentence[end:start]:
        return False
    lemmas = getAllLemmas(word)
    only_a_verb = word in SELDOM_NOUNS or not ("NOUN" in lemmas or "ADJ" in lemmas)
    return only_a_verb or following.casefold() in AFTER_A_VERB


def _third_person(word: str) -> str:
    low = word.casefold()
    if low in AUXILIARIES:
        return AUXILIARIES[low]
    if not is_base_verb(low):
        return word
    inflected = getInflection(low, "VBZ")
    return inflected[0] if inflected else word


def is_base_verb(word: str) -> bool:
    """Whether a word in small letters can be one: 'expand', but also 'share' and 'focus', which are nouns, too."""
    lemmas = getAllLemmas(word).get("VERB", ())
    return word in lemmas and not _is_past(word)


def _is_past(word: str) -> bool:
    """'found' is the past of 'find' long before it is a verb of its own."""
    lemmas = getAllLemmas(word).get("VERB", ())
    return any(
        word in (*getInflection(lemma, "VBD"), *getInflection(lemma, "VBN")) for lemma in lemmas if lemma != word
    )


def _is_adverb(word: str) -> bool:
    if word in ADVERBS:
        return True
    lemmas = getAllLemmas(word)
    return word.endswith("ly") and "ADV" in lemmas and "VERB" not in lemmas


def _next_word(sentence: str, position: int) -> tuple[str, int, int]:
    """The next word of the same clause and where it stands; '' where there is none."""
    match = WORD.search(sentence, position)
    if not match or re.search(r"[.;:!?(]", sentence[position : match.start()]):
        return "", position, position
    return match.group(), *match.span()


def _inside_quotation(sentence: str, position: int) -> bool:
    return any(match.start() <= position < match.end() for match in QUOTED.finditer(sentence))


def _opens(sentence: str, position: int) -> bool:
    return not words(sentence[:position])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
