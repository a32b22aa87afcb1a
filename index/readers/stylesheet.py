"""The few rules of a page's own style sheet that a class or an id can hide its text with."""

from __future__ import annotations

import re
from collections import defaultdict

MEDIA = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # for print or a small screen: not what a reader sees
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NAMED = re.compile(r"[\w-]*([.#][\w-]+)")


class StyleSheet:
    """Declarations by ".class" and "#id"; selectors that look at more than one element are left alone."""

    def __init__(self, text: str) -> None:
        self.rules: dict[str, str] = defaultdict(str)
        for selectors, declarations in RULE.findall(MEDIA.sub("", COMMENT.sub("", text))):
            for selector in selectors.split(","):
                if named := NAMED.fullmatch(selector.strip()):
                    self.rules[named.group(1).lower()] += declarations + ";"

    def style_of(self, attributes: dict[str, str | None]) -> str:
        """What applies to the element: the rules for its classes and its id, then its own style."""
        names = [f".{name}" for name in (attributes.get("class") or "").lower().split()]
        if identity := attributes.get("id"):
            names.append(f"#{identity.lower()}")
        rules = "".join(self.rules[name] for name in names if name in self.rules)
        return rules + (attributes.get("style") or "")
