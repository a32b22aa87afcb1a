"""What is not right yet: each of these is what a reader must be able to rely on, and fails today.

A test that begins to pass fails here (xfail is strict): then it moves to the file of what holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.rag.made_up import checked

FAIR = [
    (
        "two sentences joined",
        "Contoso sells apps to carriers and has 373 employees.",
        "We sell apps to carriers. As of December 31, 2021, we have a total of 373 employees.",
        "Words of two quoted sentences may not be told in one.",
    ),
    (
        "adjunct left out",
        "We acquired Litware Labs for a base purchase price of $66 million.",
        "We acquired Litware Labs from Fabrikam plc for a base purchase price of $66 million.",
        "What nothing marks off may not be left out of the middle, however little hangs on it.",
    ),
]


def defects(rows: Sequence[tuple[str, ...]]) -> list[Any]:
    return [pytest.param(*row[1:-1], id=row[0], marks=pytest.mark.xfail(strict=True, reason=row[-1])) for row in rows]


@pytest.mark.parametrize(("claim", "source"), defects(FAIR))
def test_what_is_fair_is_shown(claim: str, source: str) -> None:
    assert checked(claim, source).verdict == "supported"
