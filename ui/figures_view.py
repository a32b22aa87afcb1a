"""Figures over the years: a table in which each has its footnote, and small charts whose points open theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from index.filing import Filing
from ui.changes_card import Footnotes
from ui.components import component
from ui.state import Place, Session
from ui.wording import without_controls

if TYPE_CHECKING:
    from rag.compare import Comparison
    from rag.tracked import TrackedFigure, TrackedValue

draw_figures = component(
    "figures",
    "<article></article>",
    ["footnotes.css", "changes_card.css", "footnotes.js", "years_table.js", "figures_card.js"],
)
LEAST_POINTS = 2
HEIGHT = 220  # with its title and the years below it
INK = "#8A8F98"  # grey enough for paper and for the dark; the points have the colour of the theme


def figures_view(session: Session, comparison: Comparison, filings: Sequence[Filing]) -> None:
    """Draw both; where no report names such a figure, say so."""
    if not comparison.figures:
        st.markdown(":gray[These reports name no figure that could be followed over the years.]")
        return
    notes = Footnotes(filings, comparison.filing_ids)
    years = [notes.reports.get(one, one) for one in comparison.filing_ids]
    rows = [
        {"title": without_controls(figure.name), "cells": [_cell(value, notes) for value in figure.values]}
        for figure in comparison.figures
    ]
    key = "figures-" + "-".join(comparison.filing_ids)
    draw_figures(key=key, data={"card": key, "heads": years, "rows": rows, "footnotes": notes.listed})
    drawn = [one for one in comparison.figures if len([value for value in one.values if value]) >= LEAST_POINTS]
    for number, column in enumerate(st.columns(2) * ((len(drawn) + 1) // 2)):
        if number < len(drawn):
            with column:
                _chart(session, drawn[number], dict(zip(comparison.filing_ids, years, strict=True)))


def _cell(value: TrackedValue | None, notes: Footnotes) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": without_controls(value.value), "notes": notes.sentence(value.sentence)["notes"]}


def _chart(session: Session, figure: TrackedFigure, years: dict[str, str]) -> None:
    """A line over the years; a point that is pressed opens the words that it stands for."""
    import altair as alt

    values = [value for value in figure.values if value]
    points = [
        {"of": "", "year": years[one.filing_id], "number": one.number, "told": without_controls(one.value)}
        for one in values
    ]
    picked = alt.selection_point(name="picked", fields=["year"], on="click", empty=False)
    data = alt.Data(values=points)  # type: ignore[no-untyped-call]  # its stub says nothing
    base = alt.Chart(data, title=alt.Title(figure.name, anchor="start", fontWeight="normal")).encode(
        # Every report has its place, also one that is silent: the charts stand below one another and can be compared.
        x=alt.X(
            "year:N", sort=None, title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=list(years.values()))
        ),
        y=alt.Y(
            "number:Q",
            title=None,
            axis=alt.Axis(tickCount=3, labelExpr=label_of_axis([one.value for one in values])),
            scale=alt.Scale(zero=True),
        ),
        tooltip=[alt.Tooltip("year:N", title="Report"), alt.Tooltip("told:N", title=figure.name)],
    )
    line = base.mark_line(color=INK, strokeWidth=1.5)
    dots = base.mark_circle(size=110, opacity=1, cursor="pointer").add_params(picked)
    # Words would be black on the dark page, too; by a field they get the colour that the theme has for charts.
    told = base.mark_text(dy=-14, fontSize=12).encode(text="told:N", color=alt.Color("of:N", legend=None))
    key = f"chart-{'-'.join(one.filing_id for one in values)}-{figure.name}"

    def pressed() -> None:
        chosen = st.session_state[key].selection.get("picked") or []
        for value in values:
            if chosen and years[value.filing_id] == chosen[0].get("year") and value.sentence.citations:
                words = value.sentence.citations[0]
                session.open_at(Place(words.filing_id, words.start, words.end))

    st.altair_chart((line + dots + told).properties(height=HEIGHT), key=key, on_select=pressed, selection_mode="picked")


def label_of_axis(told: Sequence[str]) -> str:
    """How an axis tells its numbers, as Vega's expression: with the unit that all the figures are told in."""
    if all(value.rstrip().endswith(("%", "percent")) for value in told):
        return "datum.label + '%'"
    money = "$" if all("$" in value for value in told) else ""
    # The thousand millions of engineers are G.
    return f"replace(format(datum.value, '{money}~s'), 'G', 'B')"
