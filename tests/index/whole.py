"""Whether a data folder is whole, asked as a reader would: every filing in one piece, and found by every search."""

from __future__ import annotations

import numpy as np

from index.build import FilingIndex
from index.embed import vector_key
from index.filing import Passage
from tests.index.standins import StandInEncoder


def assert_whole(index: FilingIndex, words: bool = True) -> None:
    """Every filing that is listed is all there, both searches find it, and they find nothing else.

    Of one that is still being embedded, or was when its writer was killed, the text is whole and its words are found.
    """
    library = index.library
    listed = [filing.id for filing in library.filings()]
    unfinished = library.unfinished()
    assert set(unfinished) <= set(listed)
    every: dict[str, Passage] = {}
    for filing_id in listed:
        passages = library.passages(filing_id)
        assert "".join(passage.text for passage in passages) == library.text(filing_id)
        assert [passage.order for passage in passages] == list(range(len(passages)))
        every |= {passage.id: passage for passage in passages}
        keys = [vector_key(index.encoder.name, passage.embedded_text) for passage in passages]
        if words:
            found = {passage_id for passage_id, _ in index.matching(passages[0].text.split()[:8], [filing_id], 1000)}
            assert found
            assert found <= set(every)
        held = set(index.kept_vectors.of(keys))
        if filing_id in unfinished:
            by_meaning = index.nearest(StandInEncoder().encode(["the company"])[0], [filing_id], len(passages))
            assert len(by_meaning) == sum(key in held for key in keys)
            continue
        assert held == set(keys), f"vectors of {filing_id} are missing"
        middle = passages[len(passages) // 2]
        vector = np.asarray(index.kept_vectors.of([keys[middle.order]])[keys[middle.order]])
        nearest = index.nearest(vector, [filing_id], 3)
        assert nearest[0][1] > 0.999
        assert nearest[0][0] in {one.id for one in passages if one.embedded_text == middle.embedded_text}
        assert len(index.nearest(vector, [filing_id], len(passages))) == len(passages)
    assert set(library.passage_keys()) == set(every)
    if every and not unfinished:
        anything = StandInEncoder().encode(["the company"])[0] if isinstance(index.encoder, StandInEncoder) else None
        if anything is not None:
            everywhere = index.nearest(anything, listed, 10 * len(every))
            assert sorted(passage_id for passage_id, _ in everywhere) == sorted(every)
            by_words = index.matching(["company", "revenues", "customers"], listed, 10 * len(every))
            assert {passage_id for passage_id, _ in by_words} <= set(every)


def assert_chroma_is_in_step(index: FilingIndex) -> None:
    """Chroma itself holds what the library holds, so that no search had to do without it."""
    assert index.store.fits(index.library.generation())
    unfinished = index.library.unfinished()
    assert index.store.count() == index.library.count_passages() - index.library.count_passages(unfinished)
    folders = [path.name for path in (index.settings.data_dir / "chroma").iterdir() if path.is_dir()]
    assert folders == [index.store.state().folder], "folders of old stores are left"
