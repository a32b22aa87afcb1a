"""Footnote's search as a LangChain retriever, for those who build on LangChain."""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.filing import Hit


class FilingRetriever(BaseRetriever):
    """The passages that fit a query, each as a Document that knows where in its filing it stands.

    `FilingRetriever(search=lambda query: assistant.search(query, filing_ids, k=8))`
    """

    search: Callable[[str], list[Hit]]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(hit) for hit in self.search(query)]


def _document(hit: Hit) -> Document:
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "filing_id": passage.filing_id,
            "item": passage.item,
            "heading": passage.heading,
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "found_by": list(hit.found_by),
        },
    )
