"""What is told of in every report and belongs to no facet of a business model, in any report's English."""

from __future__ import annotations

import re

OF_NO_FACET = re.compile(
    "|".join(
        (
            # Whom a company competes with.
            r"\bcompet(?:e|es) (?:with|against|in|on|primarily|directly)\b",
            r"\bamong\b.{0,60}\bcompetitors\b",
            r"\bcompetitors\b.{0,40}\b(?:are|include|is|have|may|offer|range|vary)\b",
            r"\bcompetition (?:is|from|includes|comes|in)\b",
            # How it guards its rights.
            r"\b(?:regards?|rel(?:y|ies) (?:up)?on|combination of)\b[^.]*\b(?:trademarks?|patents?|copyrights?)\b",
            # How it began, what it was called before, and what it strives for.
            r"\b(?:began (?:its )?operations|commenced operations|changed its name)\b",
            r"\b(?:was|were) (?:founded|organized|formed|established)\b",
            r"\b(?:strives?|(?:is|are) committed to|seeks? to|endeavou?rs? to)\b",
            # Where it is registered, seated and listed, and who leads it.
            r"^(?:\S+ ){1,6}(?:was|were|is) (?:originally |first )?(?:re)?incorporated (?:in|under|on|as)\b",
            r"\boffices? (?:is|are) (?:currently )?(?:located )?at\b",
            r"\bexecutive offices\b|\btelephone number\b|\bunder the (?:ticker )?symbols?\b",
            r"\bexecutive officers?\b|\bchairman of the board\b",
            # What the report calls things, where to read more, and where it is announced.
            r"\breferences (?:in this [\w ]+ )?to\b|\bas used (?:herein|in this)\b|[—–-] ?pages? \d",
            r"\bfree of charge\b|\binternet address\b|\binvestor relations\b|\bwebcasts?\b",
            r"\binvestors\b.{0,80}\b(?:websites?|channels)\b|\b(?:websites?|channels)\b.{0,80}\bmaterial information\b",
            # How it keeps its books.
            r"\bnot (?:separately )?allocated? .*\bsegments?\b|\bsegment information\b",
            r"\bfiscal year (?:ends|ended) on\b",
        )
    ),
    re.IGNORECASE,
)
