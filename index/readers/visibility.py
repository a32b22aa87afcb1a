"""What a style says about whether a reader sees the text: what is hidden is noise at best and a planted order at worst."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
NAMED_COLOURS = {"white": WHITE, "snow": (255, 250, 250), "ivory": (255, 255, 240), "black": (0, 0, 0)}
ALIKE = 8  # of 255: nobody can tell such colours apart
NOT_SHOWN = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|opacity\s*:\s*0?(?:\.0\d*)?\s*(?=[;!]|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right|bottom)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0(?:px)?[\s,]+0|transform\s*:\s*scale\(\s*0\s*\))"
)
NO_ROOM = re.compile(r"(?<![\w-])(?:max-)?(?:width|height)\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|%|em)?\s*(?=[;!]|$)")
CLIPPED = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)")
VISIBILITY = re.compile(r"(?<![\w-])visibility\s*:\s*(\w+)")
FONT_SIZE = re.compile(
    r"(?<![\w-])font(?:-size)?\s*:\s*[^;]*?(?<![\w.#-])(\d*\.?\d+)\s*(px|pt|em|rem|%|in|cm|mm|pc|(?=[;!]|$))"
)
FONT_SIZE_WORD = re.compile(r"(?<![\w-])font-size\s*:\s*[a-z]")
TEXT_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)")
BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!]+)")
PARTS_OF_COLOUR = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b|rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)|([a-z]+)")


@dataclass(frozen=True)
class Look:
    """How text looks here; an element inherits it and its own style changes it."""

    shown: bool = True  # False is final: nothing inside can show itself again
    visible: bool = True
    large_enough: bool = True
    colour: Colour | None = (0, 0, 0)  # None: a colour that is not known here
    background: Colour | None = WHITE
    wingdings: bool = False

    @property
    def hidden(self) -> bool:
        return not (self.shown and self.visible and self.large_enough) or _alike(self.colour, self.background)


def look_inside(outside: Look, attributes: dict[str, str | None]) -> Look:
    """The look of the text inside an element with these attributes."""
    style = (attributes.get("style") or "").lower()
    changed: dict[str, object] = {}
    if "hidden" in attributes or NOT_SHOWN.search(style) or (CLIPPED.search(style) and NO_ROOM.search(style)):
        changed["shown"] = False
    if visibility := VISIBILITY.search(style):
        changed["visible"] = visibility.group(1) not in ("hidden", "collapse")
    if size := FONT_SIZE.search(style):
        changed["large_enough"] = float(size.group(1)) > (1 if size.group(2) in ("px", "pt") else 0)
    elif attributes.get("size") or FONT_SIZE_WORD.search(style):  # <font size=2>, font-size:small
        changed["large_enough"] = True
    background = BACKGROUND.search(style)
    if background or attributes.get("bgcolor"):
        changed["background"] = _colour(
            background.group(1) if background else attributes["bgcolor"], outside.background
        )
    colour = TEXT_COLOUR.search(style)
    if colour or attributes.get("color"):
        changed["colour"] = _colour(colour.group(1) if colour else attributes["color"], outside.colour)
    face = (attributes.get("face") or "").lower()
    if face or "font" in style:
        named = "font-family" in style or face
        changed["wingdings"] = "wingdings" in face or "wingdings" in style or (outside.wingdings and not named)
    return replace(outside, **changed) if changed else outside  # type: ignore[arg-type]


def _colour(words: str | None, outside: Colour | None) -> Colour | None:
    found = PARTS_OF_COLOUR.search((words or "").strip().lower())
    if not found:
        return None
    digits, red, green, blue, name = found.groups()
    if name:
        return outside if name in ("inherit", "transparent", "none") else NAMED_COLOURS.get(name)
    if digits:
        step = len(digits) // 3
        parts = [digits[place : place + step] * (3 - step) for place in range(0, len(digits), step)]
        return int(parts[0], 16), int(parts[1], 16), int(parts[2], 16)
    return min(int(red), 255), min(int(green), 255), min(int(blue), 255)


def _alike(one: Colour | None, other: Colour | None) -> bool:
    return one is not None and other is not None and all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))
