"""One turn of the conversation as a component: prose whose footnote numbers can be pressed, and the words behind them.

Everything goes in as data and is put on the page as text: what a filing says is never read as HTML or markdown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from index.filing import Filing
from rag.answer import Answer
from ui.state import Session, Turn
from ui.wording import counted, place_of, short_label, taken_of_the_model, without_controls

HERE = Path(__file__).parent
component = st.components.v2.component(
    "footnote_answer",
    html="<article></article>",
    css=(HERE / "answer_card.css").read_text(encoding="utf-8"),
    js=(HERE / "answer_card.js").read_text(encoding="utf-8"),
)


def answer_card(
    session: Session, turn: Turn, number: int, filings: Sequence[Filing], titles: Mapping[str, str]
) -> None:
    """Draw a turn; pressing one of its footnotes opens it."""
    key = f"turn-{session.conversation}-{number}"

    def pressed() -> None:
        footnote = st.session_state[key].get("pressed")
        if footnote is not None:
            session.press(number, int(footnote))

    opened = session.open_footnote
    data = card_data(turn, filings, titles)
    data["active"] = opened.number if opened and opened.turn == number else 0
    data["presses"] = opened.presses if opened else 0
    data["scrolls"] = number > 0 and number >= len(session.turns) - 1  # the first stands at the top anyway
    component(key=key, data=data, on_pressed_change=pressed)


def card_data(turn: Turn, filings: Sequence[Filing], titles: Mapping[str, str]) -> dict[str, Any]:
    """What the component shows of a turn."""
    answer = turn.answer
    return {
        "title": _words(turn.title),
        "problem": _words(turn.problem),
        "refusal": _words(answer.refusal) if answer and not answer.sentences else "",
        "paragraphs": _paragraphs(answer, titles) if answer else [],
        "silence": _silence(answer, titles) if answer else "",
        "footnotes": [
            {
                "number": citation.number,
                "quote": _words(citation.quote),
                "place": _words(place_of(citation.filing_id, citation.item, citation.page, filings)),
            }
            for citation in turn.footnotes
        ],
        "trail": _trail(answer, filings) if answer else "",
        "steps": [_words(step) for step in turn.steps],
        "withheld": [
            {"text": _words(sentence.text), "problem": _words(sentence.problem)}
            for sentence in (answer.withheld if answer else ())
        ],
    }


def _paragraphs(answer: Answer, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """A paragraph a facet; only where there are several does each one need its name."""
    grouped = [(facet, list(group)) for facet, group in groupby(answer.sentences, key=lambda sentence: sentence.facet)]
    return [
        {
            "label": titles.get(facet, facet) if len(grouped) > 1 else "",
            "sentences": [
                {"text": _words(sentence.text), "notes": [citation.number for citation in sentence.citations]}
                for sentence in sentences
            ],
        }
        for facet, sentences in grouped
    ]


def _silence(answer: Answer, titles: Mapping[str, str]) -> str:
    """What the filing does not treat, and what else a reader should know of the answer."""
    missing = ", ".join(titles.get(name, name).lower() for name in answer.silent)
    said = f"Not disclosed in this filing: {missing}." if missing and answer.sentences else ""
    return _words(f"{said} {answer.note}")


def _trail(answer: Answer, filings: Sequence[Filing]) -> str:
    """What was done for this answer, in a line: 'Searched 10-K FY2021 · 8 sentences verified · 1 withheld'."""
    if not answer.sentences:
        return "How it was searched"  # the refusal itself tells where
    names = [short_label(filing) for filing in filings if filing.id in answer.searched]
    parts = [f"Searched {', '.join(names)}" if len(names) <= 4 else f"Searched {len(names)} filings"] if names else []
    parts.append(f"{counted(len(answer.sentences), 'sentence')} verified")
    if answer.withheld:
        parts.append(f"{len(answer.withheld)} withheld")
    if taken := taken_of_the_model(answer.model_tokens, answer.model_cost):
        parts.append(taken)
    return _words(" · ".join(parts))


def _words(text: str) -> str:
    return " ".join(without_controls(text).split())
