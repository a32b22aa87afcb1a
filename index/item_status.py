"""What stands under an item's heading: its own text, a pointer to another document, or word that it is left out."""

from __future__ import annotations

import re

from index.filing import SectionStatus

LONGEST_POINTER = 6000  # characters; whoever writes more says something
LONGEST_OMISSION = 600
MOST_OF_ITS_OWN = 0.3  # of a pointer's letters: "Our stock is listed on ... The rest is incorporated by reference."
BY_REFERENCE = re.compile(
    r"\bincorporated\b[^.]{0,120}?\bby\s+(?:\w+\s+){0,2}reference\b|\bby\s+reference\b", re.IGNORECASE
)
ANOTHER_DOCUMENT = re.compile(
    r"\b(?:proxy|information)\s+statement\b|\bproxy\s+material|\bschedule\s+14A\b|\bexhibit\s+13\b|"
    r"\bannual\s+report\s+to\s+(?:\w+\s+){0,2}(?:share|stock|security)|\b(?:19|20)\d\d\s+annual\s+report\b|"
    r"\bamendment\s+to\s+this\b",
    re.IGNORECASE,
)
POINTS = re.compile(
    r"\b(?:set\s+forth|included|contained|appear(?:s|ing)?|presented|found|located|provided|given|described|shown|listed|"
    r"disclosed|discussed|reported|furnished|filed|supplied|refer(?:s|red)?|see|incorporated|required\s+by\s+(?:this|part|item))\b",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:pages?|captions?|headings?|sections?|sub-?captions?|exhibits?|items?|parts?|notes?|proxy|annual\s+report|"
    r"elsewhere|index|titled|entitled|above|below)\b",
    re.IGNORECASE,
)
SAYS_NONE = re.compile(r"\W*(?:none|n/a|not applicable)\W*(?:\n|$)", re.IGNORECASE)
OMITTED = re.compile(r"\bomitted\b|\bgeneral\s+instructions?\s+[IJ]\b|\breduced\s+disclosure\s+format\b", re.IGNORECASE)
SENTENCE_ENDS = re.compile(r"(?<=[.!?;])[\"”’')\]]*\s+(?=[A-Z“\"(\[])|\n\s*\n")


def status_of(title: str, body: str) -> SectionStatus:
    """The status of an item that has a heading, from its title and from what stands under it."""
    if len(body) > 2 * LONGEST_POINTER or SAYS_NONE.match(body):
        return "extracted"
    words = " ".join(body.split())
    # A list of exhibits says of nearly each that it is incorporated by reference, and is what the item asks for.
    lists_exhibits = title.casefold().startswith("exhibit") and len(words) > LONGEST_OMISSION
    if not lists_exhibits and len(words) <= LONGEST_POINTER and _is_pointer(body):
        return "incorporated_by_reference"
    if len(words) <= LONGEST_OMISSION and OMITTED.search(f"{title} {words}"):
        return "omitted"
    return "extracted"


def says_by_reference(body: str) -> bool:
    """Whether a paragraph sends its reader to another document."""
    return bool(BY_REFERENCE.search(body) or (ANOTHER_DOCUMENT.search(body) and POINTS.search(body)))


def _is_pointer(body: str) -> bool:
    """Whether nearly all that is said is where to find it."""
    sentences = [" ".join(sentence.split()) for sentence in SENTENCE_ENDS.split(body)]
    prose = [sentence for sentence in sentences if len(sentence) > 12]
    if not any(says_by_reference(sentence) for sentence in prose):
        return False
    own = sum(len(sentence) for sentence in prose if not _points(sentence))
    return own <= MOST_OF_ITS_OWN * sum(map(len, prose))


def _points(sentence: str) -> bool:
    return says_by_reference(sentence) or bool(POINTS.search(sentence) and PLACE.search(sentence))
