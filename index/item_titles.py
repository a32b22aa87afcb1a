"""What the heading of an item calls it, and where that ends: in its line, at its text, or in the next line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.items import FormItem, squash

# "Legal Proceedings. The Company is" and "Properties - Our offices": where a heading runs into its text
RUN_IN = re.compile(r"(?P<title>[^\n]{3,180}?)(?:[.:] ?[–—-]*|\.? ?[–—]| --?) ?(?=[A-Z“\"(\d])")
SAYS_NOTHING = re.compile(r"[.:;–— -]{1,4}(?:none|not applicable|n/a|omitted|not required)\b", re.IGNORECASE)
LONGEST_TITLE = 220  # of a line that is all heading; a longer one must say where its title ends
LONG_ENOUGH_TO_BE_PROSE = 60
# A row of dots is taken whole and never given back (++): looked at from each of its dots, it took its fourth power.
PAGE_AT_END = re.compile(
    r"(?P<mark>(?<![ .·])(?=[ .·]*?\.\.)[ .·]++|[ ]*\|[ |]*|[ ]{1,3})(?:pages? )?(?:\d{1,3}|[ivx]{1,5}|[FS]-\d{1,3})"
    r"(?:[ ]?[-–,][ ]?[FS]?-?\d{1,3}){0,12}[ ]*$",
    re.IGNORECASE,
)


def title_at_start(words: str, called: Sequence[FormItem]) -> str | None:
    """The title that a line begins with, which may be all of it; None where prose begins."""
    matched = matched_title(words, called)
    if matched:
        run_on = words[matched:]
        if SAYS_NOTHING.match(run_on):
            return words[:matched]
        # "Legal Proceedings The Company is": the title is known, and what follows is a sentence of its own.
        if re.match(r"[.:–— -]* ?[A-Z“\"(]", run_on) and len(run_on) > LONG_ENOUGH_TO_BE_PROSE:
            colon = re.match(r"[.:]", run_on)
            run_in = RUN_IN.match(words, 0)
            if colon or not run_in or len(run_in["title"]) < matched or not run_in["title"].isupper():
                return words[: matched + (1 if colon else 0)]
    run_in = RUN_IN.match(words)
    if run_in and len(words) > run_in.end() + LONG_ENOUGH_TO_BE_PROSE and not words.isupper():
        title = words[: run_in.end("title")]
        return title if are_called(called, title) and len(title.split()) <= 25 else None
    if are_called(called, words) and words[: len("reserved") + 12].strip("[]() .").casefold().startswith("reserved"):
        return words if len(words) < LONGEST_TITLE else None
    if len(words) > LONGEST_TITLE or (len(words.split()) > 12 and not are_called(called, words)):
        return None
    return words


def matched_title(words: str, called: Sequence[FormItem]) -> int:
    """How many characters the longest of the items' titles takes at the start of the words, whatever their spacing."""
    words = words[:LONGEST_TITLE]
    squashed = squash(words)
    titles = (title for item in called for title in item.squashed_titles)
    length = max((len(title) for title in titles if squashed.startswith(title)), default=0)
    seen = 0
    for at, character in enumerate(words if length else ""):
        seen += len(squash(character))
        if seen >= length:
            return at + 1
    return 0


def is_whole_title(called: Sequence[FormItem], title: str) -> bool:
    return matched_title(title, called) > 0 and not squash(title[matched_title(title, called) :])


def are_called(called: Sequence[FormItem], words: str) -> bool:
    return any(item.is_called(words) for item in called)


def unseparated(words: str) -> str:
    return words.lstrip(" .:;|–—_-")


def title_below(text: str, at: int, called: Sequence[FormItem]) -> tuple[str, int]:
    """The title of 'Item 1.' when it stands in the next line, and where that line ends."""
    line, end = _next_line(text, at)
    if not line or len(line) > LONGEST_TITLE or not are_called(called, line):
        return "", at
    title, end = continued_below(text, PAGE_AT_END.sub("", line) or line, end, called)
    return title.strip(" .:–—-|"), end


def continued_below(text: str, title: str, at: int, called: Sequence[FormItem]) -> tuple[str, int]:
    """A title that goes on in the next line: '... COMMON EQUITY AND RELATED' / 'STOCKHOLDER MATTERS'."""
    for _ in range(2):
        line, end = _next_line(text, at)
        if not line or len(line) > LONGEST_TITLE // 2:
            break
        so_far, more = squash(title), squash(line)
        wholes = [known for item in called for known in item.squashed_titles]
        left = [whole[len(so_far) :] for whole in wholes if len(so_far) > 6 and whole.startswith(so_far)]
        # Few filers copy a title to the letter, so a line of capitals under one that stops in mid-phrase will do.
        stops = re.search(r"(?:[,-]|\b(?:and|of|the|on|with|related|for|in|to))$", title, re.IGNORECASE)
        goes_on = len(more) > 3 and any(one.startswith(more[:12]) or more.startswith(one) for one in left if one)
        if not goes_on and not (
            stops and are_called(called, title) and line.isupper() == title.isupper() and len(line) < 60
        ):
            break
        title, at = f"{title} {line}", end
    return title, at


def _next_line(text: str, at: int) -> tuple[str, int]:
    """The next line that says something, and its end, unless more than two empty ones come first."""
    for _ in range(4):
        if at >= len(text):
            break
        start = at + 1 if text[at] == "\n" else at
        stop = text.find("\n", start)
        end = len(text) if stop < 0 else stop
        line = text[start : min(end, start + 2 * LONGEST_TITLE)].strip(" |")
        if line:
            return line, end
        at = end
    return "", at
