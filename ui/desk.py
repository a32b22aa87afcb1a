"""What every page of a run has before it: the visitor's session, the library, and the filings that are talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.filing import Filing
from ui.state import Session
from ui.warming import Warming

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

    from rag.assistant import Assistant
    from rag.facets import Facet
    from ui.demo import Demo


@dataclass(frozen=True)
class Desk:
    """One run's view of it all; made anew with each run of the script."""

    session: Session
    warming: Warming
    assistant: Assistant | None  # none: the library is not open yet
    filings: Sequence[Filing]
    facets: Sequence[Facet]
    chosen: Sequence[str]
    pages: Sequence[Page]  # Ask, Compare, Library
    demo: Demo | None = None  # strangers visit: what is shipped is not theirs to change
    may_change: bool = True  # whether this visitor may take filings in and out of the library

    @property
    def titles(self) -> dict[str, str]:
        """What each facet is called."""
        return {facet.name: facet.title for facet in self.facets}

    @property
    def is_bare(self) -> bool:
        """Whether the library is open and holds nothing yet."""
        return self.assistant is not None and not self.filings

    @property
    def wanted(self) -> list[Filing]:
        """The chosen filings; where none is chosen, the latest of all."""
        latest = max(self.filings, key=lambda filing: filing.fiscal_year or 0, default=None)
        return [filing for filing in self.filings if filing.id in self.chosen] or ([latest] if latest else [])
