"""What changed from report to report as a component: added, removed, changed word by word, and what stayed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import chain
from typing import TYPE_CHECKING, Any

from index.companies import are_of_one_company
from index.filing import Filing
from rag.answer import Answer, Citation, Sentence
from ui.answer_card import footnote
from ui.components import component
from ui.wording import label_among, without_controls

if TYPE_CHECKING:
    from rag.compare import Comparison, FacetChange

draw_changes = component(
    "changes", "<article></article>", ["footnotes.css", "changes_card.css", "footnotes.js", "changes_card.js"]
)
draw_columns = component(
    "columns",
    "<article></article>",
    ["footnotes.css", "changes_card.css", "footnotes.js", "years_table.js", "columns_card.js"],
)
LEAST_ALIKE = 0.5  # of the words; sentences that share less are shown whole, not word by word


def changes_card(comparison: Comparison, filings: Sequence[Filing]) -> None:
    """Draw the changes, facet by facet; their footnotes are numbered through."""
    notes = Footnotes(filings, comparison.filing_ids)
    facets = [_facet(change, notes) for change in comparison.facets]
    key = "changes-" + "-".join(comparison.filing_ids)
    is_apart = not are_of_one_company([filing for filing in filings if filing.id in comparison.filing_ids])
    draw_changes(key=key, data={"card": key, "facets": facets, "footnotes": notes.listed, "apart": is_apart})


def columns_card(summaries: Sequence[Answer], filings: Sequence[Filing], titles: dict[str, str]) -> None:
    """Draw summaries side by side, a row a facet."""
    notes = Footnotes(filings, [summary.searched[0] for summary in summaries])
    rows = [
        {
            "title": title,
            "cells": [
                {
                    "sentences": [notes.sentence(one) for one in summary.sentences if one.facet == name],
                    "silent": name in summary.silent,
                }
                for summary in summaries
            ],
        }
        for name, title in titles.items()
    ]
    heads = [
        {"title": notes.reports[summary.searched[0]], "tokens": f"{summary.tokens} tokens"} for summary in summaries
    ]
    key = "columns-" + "-".join(summary.searched[0] for summary in summaries)
    draw_columns(key=key, data={"card": key, "heads": heads, "rows": rows, "footnotes": notes.listed})


class Footnotes:
    """The footnotes of the sentences of some reports, numbered in the order in which they are met."""

    def __init__(self, filings: Sequence[Filing], compared: Sequence[str]) -> None:
        self.listed: list[dict[str, Any]] = []
        self._filings = filings
        told = [filing for filing in filings if filing.id in compared]
        self.reports = {filing.id: without_controls(label_among(filing, told)) for filing in told}

    def sentence(self, sentence: Sentence, marked: Iterable[tuple[str, bool]] = ()) -> dict[str, Any]:
        """A sentence as the card shows it: its words, some of them marked, and its numbers."""
        parts = list(marked) or [(without_controls(sentence.text), False)]
        return {
            "parts": parts,
            "notes": [self._number(citation) for citation in sentence.citations],
            "year": self.reports.get(sentence.citations[0].filing_id, "") if sentence.citations else "",
        }

    def _number(self, citation: Citation) -> int:
        numbered = replace(citation, number=len(self.listed) + 1)
        entry = footnote(numbered, self._filings)
        place = ("filing", "start", "end")
        for known in self.listed:
            if all(known[name] == entry[name] for name in place):
                return int(known["number"])
        self.listed.append(entry)
        return numbered.number


def _facet(change: FacetChange, notes: Footnotes) -> dict[str, Any]:
    changed = []
    for before, after in change.changed:
        old, new = marked_words(before.text, after.text)
        changed.append([notes.sentence(before, old), notes.sentence(after, new)])
    return {
        "title": change.title,
        "changed": changed,
        "added": [notes.sentence(one) for one in change.added],
        "removed": [notes.sentence(one) for one in change.removed],
        "kept": [notes.sentence(one) for one in change.kept],
    }


def marked_words(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both sentences in parts, with the words marked that only one of them has."""
    old, new = (_words(without_controls(text)) for text in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [("".join(old), False)], [("".join(new), False)]
    left, right = [], []
    for kind, i, j, k, m in matcher.get_opcodes():
        left.append(("".join(old[i:j]), kind != "equal"))
        right.append(("".join(new[k:m]), kind != "equal"))
    return [part for part in left if part[0]], [part for part in right if part[0]]


def _words(text: str) -> list[str]:
    """Words and the spaces between them."""
    words = text.split(" ")
    return list(chain.from_iterable((word, " ") for word in words))[:-1]
