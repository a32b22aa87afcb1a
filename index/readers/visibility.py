"""Whether a reader sees the text, as its style says: what is hidden is noise at best and a planted order at worst."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
NAMED_COLOURS = {"white": WHITE, "snow": (255, 250, 250), "ivory": (255, 255, 240), "black": (0, 0, 0)}
ALIKE = 8  # of 255: nobody can tell such colours apart
SIZE = re.compile(r"(?:^|(?<=\s))(\d*\.?\d+)(px|pt|em|rem|%|in|cm|mm|pc)?(?=$|[\s/!])")
FAR_OUTSIDE = re.compile(r"-\d{4,}")
CUT_TO_NOTHING = re.compile(r"rect\(\s*0(?:px)?[\s,]+0")
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
    style = _declarations(attributes.get("style") or "")
    look = outside
    if "hidden" in attributes or _is_not_shown(style):
        look = replace(look, shown=False)
    if "visibility" in style:
        look = replace(look, visible=not style["visibility"].startswith(("hidden", "collapse")))
    if size := style.get("font-size") or style.get("font") or attributes.get("size"):  # <font size=2> is no small one
        look = replace(look, large_enough=not (("font-size" in style or "font" in style) and _is_tiny(size)))
    if background := style.get("background-color") or style.get("background") or attributes.get("bgcolor"):
        look = replace(look, background=_colour(background, outside.background))
    if colour := style.get("color") or attributes.get("color"):
        look = replace(look, colour=_colour(colour, outside.colour))
    if face := style.get("font-family") or style.get("font") or attributes.get("face"):
        look = replace(look, wingdings="wingdings" in face.lower())
    return look


def _declarations(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.lower().split(";"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def _is_not_shown(style: dict[str, str]) -> bool:
    if style.get("display", "").startswith("none") or style.get("mso-hide", "").startswith("all"):
        return True
    if CUT_TO_NOTHING.match(style.get("clip", "")):
        return True
    if style.get("opacity", "").rstrip("0").rstrip(".") in ("", "0") and "opacity" in style:
        return True
    if any(FAR_OUTSIDE.match(style.get(side, "")) for side in ("left", "right", "top", "bottom", "text-indent")):
        return True
    room = (style.get(side, "") for side in ("width", "height", "max-width", "max-height"))
    return style.get("overflow", "").startswith(("hidden", "clip")) and any(size and _is_tiny(size) for size in room)


def _is_tiny(size: str) -> bool:
    """At most a point or a pixel; a word ("small") or another measure is tiny only when it is nought."""
    found = SIZE.search(size)
    return found is not None and float(found.group(1)) <= (1 if found.group(2) in ("px", "pt") else 0)


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
