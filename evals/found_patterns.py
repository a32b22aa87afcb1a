"""The regular expressions of Footnote, wherever they lie, and the longest text that each is given."""

from __future__ import annotations

import ast
import importlib
import math
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple


class Bounds(NamedTuple):
    """The longest text that the patterns of a room are given, and the seconds that one may take for it."""

    longest: int  # characters
    most: float


# index/ reads whole files, ui/ what a browser sends. rag/ looks at one passage after the other, of which index/chunk.py
# makes none longer than 3,200 letters; there are thousands of them, so each must be done soon.
ROOMS = {"index": Bounds(64_000, 10.0), "rag": Bounds(4_000, 0.05), "ui": Bounds(64_000, 10.0)}
# What these are given has been cut, by the line before the one that uses them; or comes to a child that is ended after
# twenty seconds, as all that index/readers does.
GIVEN = {
    "index.sentences.LAST_TOKEN": Bounds(60, 0.01),
    "index.statements.": Bounds(140, 0.01),
    "index.item_headings.CONTINUED": Bounds(60, 0.01),
    "index.item_headings.PAGE_AT_END": Bounds(60, 0.01),
    "rag.kinds.NUMBERED": Bounds(60, 0.01),
    "index.readers.": Bounds(64_000, math.inf),
}
# What these see no step has been over: elsewhere a run of spaces, empty lines or empty cells is one of them
# (index/cleaning.py and, for questions, rag/question.py see to that before anything else).
RAW = ("index.reader", "index.cleaning.ENTITY", "index.cleaning.SGML", "index.cleaning.TAG_LEFT", "ui.")
CELLS = re.compile(r"\|(?:\s*\|)+")
SPACES, LINES = re.compile(r"[ \t\xa0]+"), re.compile(r" ?\n ?(?:\n ?)+")
USE = re.compile(r"\b([A-Z][A-Z_0-9]+)(?:\[\w+\])?\.(\w+)\b")  # NAME.search(
AT_START = {"match", "fullmatch"}


@dataclass(frozen=True)
class Found:
    """A pattern, and where it was found."""

    place: str
    pattern: re.Pattern[str]
    at_start: bool  # whether it is only ever held against the start of a text, never looked for within it

    @property
    def bounds(self) -> Bounds:
        return next(
            (bounds for start, bounds in GIVEN.items() if self.place.startswith(start)),
            ROOMS[self.place.partition(".")[0]],
        )

    def run(self, unit: str, length: int, tail: str) -> str:
        """The unit over and over, as this pattern may come to see it."""
        text = (unit * (length // len(unit) + 1))[:length] + tail
        if self.place.startswith(RAW):
            return text
        return LINES.sub("\n\n", CELLS.sub("|", SPACES.sub(" ", text)))


def all_patterns() -> list[Found]:
    """Those in the names of modules, and those that stand in calls of re."""
    modules = [(module, Path(str(module.__file__)).read_text(encoding="utf-8")) for module in _modules()]
    found: dict[tuple[str, int], Found] = {}

    def add(place: str, pattern: re.Pattern[str], at_start: bool) -> None:
        key = (pattern.pattern, pattern.flags)
        known = found.setdefault(key, Found(place, pattern, at_start))
        if known.at_start and not at_start:
            found[key] = replace(known, at_start=False)

    for module, source in modules:
        uses = USE.findall(source)
        for name, value in vars(module).items():
            used = {method for one, method in uses if one == name}
            for pattern in _within(value, 0):
                add(f"{module.__name__}.{name}", pattern, bool(used) and used <= AT_START)
        for node in ast.walk(ast.parse(source)):
            for called, text in _literal(node):
                add(f"{module.__name__}, line {getattr(node, 'lineno', 0)}", re.compile(text), called in AT_START)
    return list(found.values())


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for each in pkgutil.walk_packages(package.__path__, f"{room}."):
            if each.name not in ("ui.app", "ui.server", "ui.__main__"):  # these begin to serve
                yield importlib.import_module(each.name)


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 4 and isinstance(value, dict):
        for pair in value.items():
            yield from _within(pair, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one, depth + 1)
    elif depth < 4 and type(value).__module__.partition(".")[0] in ROOMS and hasattr(value, "__dict__"):
        yield from _within(vars(value), depth + 1)


def _literal(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The call and the pattern of re.sub("...", ...) and its like; what is compiled is found by its name."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re"), attr=called), args=[ast.Constant(value=str(text)), *_]
        ) if called not in ("escape", "compile"):
            yield called, text
