"""One turn of the conversation as a component: prose whose footnote numbers can be pressed, and the words behind them.

Everything goes in as data and is put on the page as text: what a filing says is never read as HTML or markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from index.filing import Filing
from rag.answer import Answer, Citation, Sentence
from ui.components import component
from ui.desk import Desk
from ui.state import Session, Task, Turn
from ui.wording import counted, label_among, place_of, taken_of_the_model, without_controls

OnDeed = Callable[[int, dict[str, Any]], None]  # the number of the turn, and what is to be done
draw = component(
    "answer", "<article></article>", ["footnotes.css", "answer_card.css", "footnotes.js", "answer_card.js"]
)


def answer_card(desk: Desk, turn: Turn, number: int, on_deed: OnDeed | None = None, working: bool = False) -> None:
    """Draw a turn; what the visitor does with it (share, ask again, ...) goes to on_deed."""
    key = card_key(desk.session, number)

    def done() -> None:
        deed = st.session_state[key].get("deed")
        if deed and on_deed:
            on_deed(number, deed)

    data = card_data(turn, desk.filings, desk.titles) | {
        "card": key,
        "scrolls": on_deed is not None
        and number > 0
        and number >= len(desk.session.turns) - 1,  # the first stands at the top anyway
        "working": working,
        "actions": on_deed is not None and not working,
    }
    draw(key=key, data=data, on_deed_change=done)


def card_key(session: Session, number: int) -> str:
    """By which a turn's card is known, to Streamlit and to the reader."""
    return f"turn-{session.conversation}-{number}"


def card_data(turn: Turn, filings: Sequence[Filing], titles: Mapping[str, str]) -> dict[str, Any]:
    """What the component shows of a turn."""
    answer = turn.answer
    return {
        "title": _words(turn.title),
        "question": turn.task.question,
        "problem": _words(turn.problem),
        "refusal": _words(answer.refusal) if answer and not answer.sentences else "",
        "paragraphs": paragraphs(turn.shown, titles),
        "silence": _silence(answer, titles) if answer else "",
        "footnotes": [footnote(citation, filings) for citation in turn.footnotes],
        "trail": _trail(answer, filings) if answer else "",
        "steps": [_words(step) for step in turn.steps],
        "withheld": [
            {"text": _words(sentence.text), "problem": _words(sentence.problem)}
            for sentence in (answer.withheld if answer else ())
        ],
        "place": place_in_address(turn.task) if answer and answer.sentences else None,
        "thumb": turn.thumb,
        "share": turn.share,
    }


def footnote(citation: Citation, filings: Sequence[Filing]) -> dict[str, Any]:
    """A footnote as the cards and the reader know it."""
    return {
        "number": citation.number,
        "quote": _words(citation.quote),
        "place": _words(place_of(citation.filing_id, citation.item, citation.page, filings)),
        "filing": citation.filing_id,
        "start": citation.start,
        "end": citation.end,
    }


def paragraphs(sentences: Sequence[Sentence], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """A paragraph a facet; only where there are several does each one need its name."""
    grouped = [(facet, list(group)) for facet, group in groupby(sentences, key=lambda one: one.facet)]
    return [
        {
            "label": titles.get(facet, facet) if len(grouped) > 1 else "",
            "sentences": [
                {"text": _words(sentence.text), "notes": [citation.number for citation in sentence.citations]}
                for sentence in group
            ],
        }
        for facet, group in grouped
    ]


def place_in_address(task: Task) -> dict[str, str] | None:
    """Of a summary of one facet: what the page's address says that leads to it (ui/deep_links.py)."""
    if task.question or len(task.filing_ids) != 1 or len(task.facets) != 1:
        return None
    return {"filing": task.filing_ids[0], "facet": task.facets[0]}


def _silence(answer: Answer, titles: Mapping[str, str]) -> str:
    """What the filing does not treat, and what else a reader should know of the answer."""
    missing = ", ".join(titles.get(name, name).lower() for name in answer.silent)
    said = f"Not disclosed in this filing: {missing}." if missing and answer.sentences else ""
    return _words(f"{said} {answer.note}")


def _trail(answer: Answer, filings: Sequence[Filing]) -> str:
    """What was done for this answer, in a line: 'Searched 10-K FY2021 · 8 sentences verified · 1 withheld'."""
    if not answer.sentences:
        return "How it was searched"  # the refusal itself tells where
    names = [label_among(filing, filings) for filing in filings if filing.id in answer.searched]
    parts = [f"Searched {', '.join(names)}" if len(names) <= 4 else f"Searched {len(names)} filings"] if names else []
    parts.append(f"{counted(len(answer.sentences), 'sentence')} verified")
    if answer.withheld:
        parts.append(f"{len(answer.withheld)} withheld")
    if answer.tokens:
        parts.append(counted(answer.tokens, "token"))
    if taken := taken_of_the_model(answer.model_tokens, answer.model_cost):
        parts.append(taken)
    return _words(" · ".join(parts))


def _words(text: str) -> str:
    return " ".join(without_controls(text).split())
