"""Who says 'we' in a filing: the company, but for the pages on which its auditor or an officer speaks."""

from __future__ import annotations

import re

from index.filing import Passage

FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|WE|[Oo]ur|OUR|[Oo]urs|us|[Mm]y)\b")
AUDITORS_HEADING = re.compile(
    r"\breports? of independent\b|\bindependent (?:registered|certified|public|auditor)|\bauditors?['’]s? report\b|"
    r"\bcritical audit matters?\b|\bbasis for opinions?\b",
    re.IGNORECASE,
)
SPOKEN_BY_ANOTHER = re.compile(
    r"\b(?:we|I) (?:have |also |do )*(?:audited|conducted (?:our|an|the) audits?|express (?:an|no|such an) )|"
    r"\bin our opinion\b|\bour audits?\b|\bwe are a public accounting firm\b|\bserved as the company['’]s auditor\b|"
    r"\bI,? (?:the undersigned|have reviewed this)\b|\bthe registrant['’]s other certifying officer",
    re.IGNORECASE,
)


def speaks_for_another(passage: Passage, quote: str) -> bool:
    """Whether the 'we' of a quotation is not the company's: 'We have audited the accompanying balance sheets ...'."""
    if not FIRST_PERSON.search(quote):
        return False
    return bool(AUDITORS_HEADING.search(passage.heading) or SPOKEN_BY_ANOTHER.search(passage.text))
