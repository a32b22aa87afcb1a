"""Cutting from a sentence what it does not need in another text: its link to the sentence before, terms it defines."""

from __future__ import annotations

import re

# Links only: a word that limits what is said ("Generally", "Historically") stays.
LINKS = re.compile(
    r"^(?:In addition(?: to (?:these|this|those|the above|the foregoing)\b[^,]*)?|Additionally|Accordingly|Therefore|"
    r"As such|Moreover|Furthermore|Further|However|Thus|Hence|Finally|Similarly|Likewise|Consequently|As a result|"
    r"As noted above|Nevertheless|Also),\s+(?=\w)",
)
# (“IoT”), (the “Company”), (collectively, the “Notes” or the “Senior Notes”): names that only the filing needs.
DEFINITION = re.compile(r"\s*\((?:[^()“”\"\d]{0,40}[“\"][^()“”\"]{1,60}[”\"],?){1,4}[^()“”\"\d]{0,20}\)")
NOTE_REFERENCE = re.compile(
    r"\s*\((?:see|refer to|as described in|as discussed in)[^()]*\)|"
    r",?\s+(?:as (?:described|discussed|set forth)|see) in (?:Note|Item|Part)\s+\w+[^,.;]*(?=[.,;])",
    re.IGNORECASE,
)
RUN_IN_DASH = re.compile(r"^(?P<title>[^.;:]{2,70}?)(?:\s[–—-]\s|[–—])(?=[“\"A-Z])")


def trim(sentence: str) -> str:
    """The sentence without links, definitions and references; every word that is left stands where it stood."""
    shorter = NOTE_REFERENCE.sub("", DEFINITION.sub("", sentence))
    shorter = _without_run_in(shorter)
    shorter = LINKS.sub("", shorter)
    return shorter[:1].upper() + shorter[1:] if shorter else sentence


def _without_run_in(sentence: str) -> str:
    """'Premium – In 2024, Premium shipments ...': the title goes where the sentence names the thing itself."""
    match = RUN_IN_DASH.match(sentence)
    if not match:
        return sentence
    rest = sentence[match.end() :]
    bare = re.sub(r"[®™\s]+", " ", match.group("title")).strip()
    return rest if bare and bare.split()[0].casefold() in rest.casefold() else sentence
