"""The only way from a Draft to a Sentence: every claim of it is found in what it cites, or it is withheld.

Checked, in this order: the passages were retrieved; the quotations are verbatim; every date stands in them; a figure is
that of its year; and the words are those of the quotations, in their order, nothing put in and nothing left out that
the meaning hangs on (rag/alignment.py). A sentence that fails keeps its problem and is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.filing import Passage
from index.folding import fold
from index.sentences import sentence_spans
from rag.alignment import departure
from rag.answer import INTRODUCES_NAMES, Citation, Draft, Sentence
from rag.figures import dates, figure_spans, figures, years
from rag.rows import BAR, rows_of, told_by
from rag.series import misaligned
from rag.speakers import speaks_for_another
from rag.statements import tables_told
from rag.terms import STOP_WORDS, stem, stems, words

Quote = tuple[Passage, int, int]  # a passage and where in its text the words stand

NEGATION = re.compile(r"\b(?:not|no|never|none|nor|neither|without|cannot|no longer)\b|n['’]t\b", re.IGNORECASE)
CAPITALISED = re.compile(r"[A-Z][\w&’'.-]*[\w’']|[A-Z]\b")
MOST_QUOTES = 4


def verify(
    drafts: Sequence[Draft], retrieved: Mapping[str, Passage], allowed_names: Sequence[str] = ()
) -> list[Sentence]:
    """Each draft as a sentence, supported or withheld; footnotes of the supported ones are numbered in order."""
    checked = [_check(draft, retrieved, allowed_names) for draft in drafts]
    return _numbered(checked)


def _check(draft: Draft, retrieved: Mapping[str, Passage], allowed_names: Sequence[str]) -> Sentence:
    unknown = [passage_id for passage_id in draft.passage_ids if passage_id not in retrieved]
    if unknown or not draft.passage_ids:
        return _withheld(draft, f"It cites a passage that was not retrieved: {', '.join(unknown) or 'none at all'}.")
    passages = [retrieved[passage_id] for passage_id in draft.passage_ids]
    of_a_row = _row_quotes(draft, passages, retrieved)
    if of_a_row:
        return _supported(draft, of_a_row)
    quotes = _named_quotes(draft, passages) if draft.quotes else _best_quotes(draft.text, passages)
    if not quotes:
        return _withheld(draft, "Its quotation is not in the passage that it cites, word for word.")
    if any(speaks_for_another(passage, passage.text[start:end]) for passage, start, end in quotes):
        return _withheld(draft, "Not the company speaks in its quotation, but its auditor or an officer.")
    quoted = [passage.text[start:end] for passage, start, end in quotes]
    problem = _unsupported(draft.text, quoted, allowed_names)
    told_in_part = not _is_whole_lines(draft.text, quotes)
    if not problem and told_in_part and any(_in_a_table(quote) for quote in quotes) and figures(draft.text):
        problem = _untrue_to_a_table(draft, _read_between(passages, retrieved), allowed_names)
    if problem:
        return _withheld(draft, problem)
    return _supported(draft, quotes)


def _supported(draft: Draft, quotes: Sequence[Quote]) -> Sentence:
    citations = tuple(
        Citation(
            number=0,
            passage_id=passage.id,
            filing_id=passage.filing_id,
            quote=passage.text[start:end],
            start=passage.start + start,
            end=passage.start + end,
            item=passage.item,
            page=passage.page,
        )
        for passage, start, end in quotes
    )
    return Sentence(draft.text, citations, draft.facet, "supported")


def _withheld(draft: Draft, problem: str) -> Sentence:
    return Sentence(draft.text, (), draft.facet, "withheld", problem)


# Quotations -----------------------------------------------------------------------------------------------------------


def _named_quotes(draft: Draft, passages: Sequence[Passage]) -> list[Quote]:
    """The words that the draft itself names, found to the letter; an invented one fails the whole draft."""
    if len(draft.quotes) != len(passages):
        return []
    found: list[Quote] = []
    for passage, words_quoted in zip(passages, draft.quotes, strict=True):
        # Of two rows with '10%' the second quotation means the second: on from the one before, where it is there.
        after = found[-1][2] if found and found[-1][0].id == passage.id else 0
        start = passage.text.find(words_quoted, after) if words_quoted.strip() else -1
        start = passage.text.find(words_quoted) if start < 0 and words_quoted.strip() else start
        if start < 0:
            return []
        found.append((passage, start, start + len(words_quoted)))
    return found


def _row_quotes(draft: Draft, passages: Sequence[Passage], retrieved: Mapping[str, Passage]) -> list[Quote]:
    """Where the lines stand that a row of a table is told from; none unless the draft is just what that row says.

    The table is read anew, from the passages themselves: a head that stands above another table, a value of the row
    below, a column or a unit that is not its own make another text than the draft's.
    """
    if len(draft.quotes) != len(passages) or not any(BAR in quote for quote in draft.quotes):
        return []
    for row in rows_of(_read_between(passages, retrieved)):
        named = [(line.passage.id, line.text) for line in row.lines]
        if named == list(zip(draft.passage_ids, draft.quotes, strict=True)) and told_by(draft.text, row):
            return [(line.passage, line.start, line.start + len(line.text)) for line in row.lines]
    return []


def _read_between(passages: Sequence[Passage], retrieved: Mapping[str, Passage]) -> list[Passage]:
    """The passages that are cited and those between them, in reading order: a table may run over several."""
    cited = {passage.id for passage in passages}
    first, last = min(one.order for one in passages), max(one.order for one in passages)
    return sorted(
        (
            one
            for one in retrieved.values()
            if one.filing_id == passages[0].filing_id and (one.id in cited or first < one.order < last)
        ),
        key=lambda one: one.order,
    )


def _in_a_table(quote: Quote) -> bool:
    """Whether the line that a quotation stands in is a row."""
    passage, start, end = quote
    opens = passage.text.rfind("\n", 0, start) + 1
    closes = passage.text.find("\n", end)
    return BAR in passage.text[opens : closes if closes >= 0 else len(passage.text)]


def _is_whole_lines(text: str, quotes: Sequence[Quote]) -> bool:
    """Whether a text is nothing but whole lines, such as the cover's row of a stock, and so all that they say."""
    for passage, start, end in quotes:
        opens = start == 0 or passage.text[start - 1] == "\n"
        closes = end == len(passage.text) or passage.text[end] == "\n"
        if not (opens and closes):
            return False
    return _signs(text) == _signs("".join(passage.text[start:end] for passage, start, end in quotes))


def _signs(text: str) -> str:
    """Its letters, figures and what changes figures, without what parts them."""
    return "".join(re.findall(r"[^\s|,:;.]|[.,](?=\d)", text))


def _untrue_to_a_table(draft: Draft, read: Sequence[Passage], own_names: Sequence[str]) -> str:
    """Why a text with figures is not what the table says that it quotes; empty when it is.

    The table is read anew. Its words alone could be put together at will: each value of another year stands there too.
    """
    parts = tuple(zip(draft.passage_ids, draft.quotes, strict=True)) if draft.quotes else ()
    for told in tables_told(read):
        if told.parts == parts and not departure(draft.text, [told.text], own_names):
            missing = set(figures(told.text)) - set(figures(draft.text))
            return f"It leaves out the figure {min(map(str, missing))} of the table." if missing else ""
    return "Its figures stand in a table that says them in another way."


def _best_quotes(text: str, passages: Sequence[Passage]) -> list[Quote]:
    """The sentences of the cited passages that support the text best: as few as carry its figures and words."""
    wanted = (
        {str(figure) for figure in figures(text)} | dates(text) | (stems(text) - {stem(word) for word in STOP_WORDS})
    )
    offered = [
        (passage, start, end, {str(f) for f in figures(piece)} | dates(piece) | stems(piece))
        for passage in passages
        for start, end in sentence_spans(passage.text)
        for piece in [passage.text[start:end]]
    ]
    chosen: list[tuple[Passage, int, int, set[str]]] = []
    missing = set(wanted)
    while offered and missing and len(chosen) < MOST_QUOTES:
        best = max(offered, key=lambda quote: (len(missing & quote[3]), -(quote[2] - quote[1])))
        if not missing & best[3] or (chosen and len(missing & best[3]) < 0.1 * len(wanted)):
            break
        chosen.append(best)
        offered.remove(best)
        missing -= best[3]
    return sorted(
        ((p, start, end) for p, start, end, _ in chosen),
        key=lambda quote: (quote[0].filing_id, quote[0].order, quote[1]),
    )


# Support --------------------------------------------------------------------------------------------------------------


def _unsupported(text: str, quotes: Sequence[str], own_names: Sequence[str]) -> str:
    """Why the quotations do not support the text, as a sentence; empty when they do."""
    quoted = " ".join(quotes)
    if fold(text) == fold(quoted):
        return ""
    astray = departure(text, quotes, own_names)
    missing = dates(text) - dates(quoted) or {str(year) for year in years(text) - years(quoted)}
    if missing:
        return f"The date {min(missing)} is not in the words that it cites."
    wrong = next((figure for quote in quotes if (figure := misaligned(text, quote))), "")
    if wrong:
        return f"The figure {wrong} belongs to another year in the words that it cites."
    # The alignment has the last word; where a figure, a name or a denial is at fault, it is said so.
    if astray and (figure := _missing_figure(text, quoted)):
        return f"The figure {figure} is not in the words that it cites."
    if astray and (name := _missing_name(text, quoted, own_names)):
        return f"The name {name} is not in the words that it cites."
    if astray and bool(NEGATION.search(text)) != bool(NEGATION.search(quoted)):
        return "It affirms what the words that it cites deny, or denies what they affirm."
    return astray


def _missing_figure(text: str, quoted: str) -> str:
    held = set(figures(quoted))
    return next((text[start:end].strip() for start, end, figure in figure_spans(text) if figure not in held), "")


def _missing_name(text: str, quoted: str, own_names: Sequence[str]) -> str:
    held = {part for word in words(quoted) for part in (word, *word.split("-"))}
    held |= {word for name in own_names for word in words(name)} | STOP_WORDS
    for match in CAPITALISED.finditer(text.removeprefix(INTRODUCES_NAMES)):
        if not all(word in held or stem(word) in {stem(one) for one in held} for word in words(match.group())):
            return match.group()
    return ""


# Numbers --------------------------------------------------------------------------------------------------------------


def _numbered(checked: Sequence[Sentence]) -> list[Sentence]:
    """Footnotes count from 1 through the answer; the same words are one footnote, however often they are cited."""
    numbers: dict[tuple[str, int, int], int] = {}
    numbered = []
    for sentence in checked:
        citations = []
        for citation in sentence.citations:
            number = numbers.setdefault((citation.filing_id, citation.start, citation.end), len(numbers) + 1)
            citations.append(replace(citation, number=number))
        numbered.append(replace(sentence, citations=tuple(citations)))
    return numbered
