"""In which order a summary tells what was chosen: facet by facet, as the filing has it, but none opens with an aside.

A filing tells of the holidays before it tells what it sells, and a reader wants the main matter first. So where the
first sentence of a facet is hardly about it, the surest goes to the front, with those that lean on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.statements import Statement

HARDLY = 1 / 3  # of how sure the surest is
# 'The company also sells ...' opens nothing.
GOES_ON = re.compile(r"\b(?:also|other)\b")


def in_order(
    chosen: Iterable[int], column: Mapping[int, int], found: Sequence[Statement], vital: NDArray[np.float64]
) -> list[int]:
    """The chosen statements as they are told; `column` says of each for which facet."""
    told: list[int] = []
    for facet in sorted(set(column.values())):
        of_facet = sorted((number for number in chosen if column[number] == facet), key=lambda one: found[one].place)
        told += _opened(of_facet, found, vital[:, facet])
    return told


def _opened(numbers: list[int], found: Sequence[Statement], sure: NDArray[np.float64]) -> list[int]:
    openings = [number for number in numbers if _opens(found[number]) and found[number].leans_on not in numbers]
    surest = max(openings, key=lambda one: sure[one], default=numbers[0])
    if sure[numbers[0]] >= HARDLY * sure[surest]:
        return numbers
    together = [surest]
    for number in numbers:
        if found[number].leans_on in together:
            together.append(number)
    return [*together, *(number for number in numbers if number not in together)]


def _opens(one: Statement) -> bool:
    return one.kind in ("sentence", "list") and not GOES_ON.search(one.text)
