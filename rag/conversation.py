"""A question that leans on those before it as a question of its own: 'How was it financed?', 'And the year before?'"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.filing import Filing
from rag.figures import years
from rag.introduction import asks_for_it
from rag.scope import as_the_company, company_words, name_pattern, names_company
from rag.terms import STOP_WORDS, subject_terms, words
from rag.third_person import short_name

PRONOUN = re.compile(r"\b(it|its|they|them|their|this|that|these|those|he|she|him|her|his|one)\b", re.IGNORECASE)
LEADING_AND = re.compile(r"^\s*(?:and|but|so|also|ok(?:ay)?)[,\s]+", re.IGNORECASE)
YEAR_BEFORE = re.compile(
    r"\bthe (?:year before|previous year|prior year|preceding year)\b|\bbefore that\b", re.IGNORECASE
)
YEAR_AFTER = re.compile(r"\bthe (?:year after|next year|following year)\b", re.IGNORECASE)
WHY = re.compile(r"(?:why|how come)\??", re.IGNORECASE)
DID = re.compile(r"(?:did|does|do|is|are|was|were|has|have|had)\b", re.IGNORECASE)
ASKS = frozenset(
    "how what which who whom whose when where why is are was were do does did has have had can could tell me "
    "about".split()
)


def standalone(question: str, history: Sequence[str], filings: Sequence[Filing] = ()) -> str:
    """The question with what it leans on put in: 'How was it financed?' -> 'How was the acquisition financed?'."""
    question = " ".join(question.split())
    if not history:
        return question
    before = history[-1]
    bare = LEADING_AND.sub("", question)
    moved = _moved_in_time(bare, before, filings) or _moved_to_another(bare, before, filings)
    if moved:
        return moved
    if WHY.fullmatch(bare) and DID.match(before):
        return f"Why {before[:1].lower()}{before[1:]}"
    pronoun = next((match for match in PRONOUN.finditer(bare) if not _has_own_subject(bare, match)), None)
    topic = topic_of(before)
    if pronoun and topic:
        replacement = f"{topic}'s" if pronoun.group().casefold() in ("its", "their", "his", "her") else topic
        return _capital(bare[: pronoun.start()] + replacement + bare[pronoun.end() :])
    if not subject_terms(bare) and topic:
        return f"{bare.rstrip('?. ')}: {before}"
    return _capital(bare) if bare != question else question


def _moved_in_time(question: str, before: str, filings: Sequence[Filing]) -> str:
    """'And in 2015?', 'And the year before?': the earlier question, of another year."""
    of_filings = {filing.fiscal_year for filing in filings if filing.fiscal_year}
    # A question that named no year was about that of the report, if there is but one.
    earlier = sorted(years(before))
    reported = sorted(years(before) or (of_filings if len(of_filings) == 1 else ()))
    asked = sorted(years(question))
    if subject_terms(YEAR_AFTER.sub("", YEAR_BEFORE.sub("", question))):
        return ""
    if YEAR_BEFORE.search(question) and reported:
        asked = [reported[0] - 1]
    elif YEAR_AFTER.search(question) and reported:
        asked = [reported[-1] + 1]
    if not asked:
        return ""
    if earlier:
        return re.sub(rf"\b{earlier[-1]}\b", str(asked[-1]), before)
    return f"{before.rstrip('?. ')} in {asked[-1]}?"


def _moved_to_another(question: str, before: str, filings: Sequence[Filing]) -> str:
    """'And Contoso?', 'What about Contoso?': the earlier question, of another company."""
    named = next((filing for filing in filings if names_company(question, filing)), None)
    if not named or asks_for_it(as_the_company(question, [named])):  # 'What does Contoso do?' is whole by itself
        return ""
    called = set(words(named.company)) | {named.ticker.casefold()}
    if any(term not in called for term in subject_terms(question)):
        return ""
    name = short_name(named.company, "")
    for other in filings:
        if other.company != named.company and names_company(before, other):
            told = company_words(other.company)
            for called_so in (told, told[:1], words(other.ticker)):
                moved = re.sub(name_pattern(called_so), name, before, count=1, flags=re.IGNORECASE)
                if called_so and moved != before:
                    return moved
    return re.sub(r"\bthe company\b", name, before) if "the company" in before else f"{before.rstrip('?. ')} at {name}?"


def _has_own_subject(question: str, pronoun: re.Match[str]) -> bool:
    """'that' in 'the product that parents use' points at its own sentence."""
    word = pronoun.group().casefold()
    following = words(question[pronoun.end() :])[:1]
    if word in ("this", "that", "these", "those") and following:
        after_a_noun = word == "that" and question[: pronoun.start()].rstrip()[-1:].isalpha()
        return following[0] not in STOP_WORDS or after_a_noun
    return False


def topic_of(question: str) -> str:
    """What a question is about: its first run of words with a subject in it, 'the Family Safety acquisition'."""
    tokens = re.findall(r"(?<![\w&'’.®™-])[\w&'’.®™-]*[\w®™]", question)
    chunks: list[list[str]] = [[]]
    for token in tokens:
        if token.casefold() in ASKS or token.casefold() in ("by", "on", "at", "through", "with", "between"):
            chunks.append([])
        else:
            chunks[-1].append(token)
    candidates = [chunk for chunk in chunks if subject_terms(" ".join(chunk))]
    if not candidates:
        return ""
    chunk = candidates[0]
    asks_what_it_did = any(token.casefold() in ("do", "does", "did") for token in tokens)
    if asks_what_it_did and chunk is chunks[-1] and len(chunk) > 1 and chunk[-1].islower():
        chunk = chunk[:-1]  # 'What did the acquisition cost?' is about the acquisition
    while len(chunk) > 1 and (
        re.search(r"(?:ed|do|does|sold|bought|made)$", chunk[-1].casefold()) or chunk[-1].casefold() in STOP_WORDS
    ):
        chunk = chunk[:-1]
    while len(chunk) > 1 and chunk[0].casefold() in ("many", "much", "of"):
        chunk = chunk[1:]
    topic = " ".join(chunk)
    return topic if re.match(r"(?i)the |a |an |its |[A-Z]", topic) or topic[:1].isupper() else f"the {topic}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
