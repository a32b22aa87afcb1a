"""What the tests of the index stand on: an encoder that costs nothing, and filings made up for the occasion."""

from __future__ import annotations

import hashlib
import random
import re
from pathlib import Path

import numpy as np

from index.filing import Vectors

DIMENSIONS = 64
TOWNS = "Aliso Viejo,Pittsburgh,Belgrade,Braga,Stockholm,Austin,Oslo,Geneva,Leeds,Lyon".split(",")
PRODUCTS = "SafePath,CommSuite,ViewSpot,NetWise,QuickLink,Avanquest,Birdstep,Smart Retail,Family Safety,StuffIt".split(
    ","
)
SENTENCES = (
    "We sell {product} to wireless carriers in {town} under agreements that run for {number} years.",
    "Revenues from {product} were ${number}.{digit} million in fiscal {year}, and ${digit}.{digit} million before.",
    "Our customers in {town} renew {product} every {number} months.",
    "As of December 31, {year}, the Company had {number} employees, of whom {digit} worked in {town}.",
    "The Company issued {number},000 shares of its common stock at ${digit}.{digit}0 per share to finance {product}.",
    "Competition for {product} comes from companies in {town} that are larger than we are.",
)
HEADINGS = ("Overview", "Products", "Sales and Marketing", "Key Revenue Contributors", "Competition", "Employees")


class StandInEncoder:
    """Texts that share words get like vectors, the same ones on every machine; it counts what it was asked for."""

    def __init__(self, name: str = "stand-in") -> None:
        self.name = name
        self.texts: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.texts.extend(texts)
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Vectors:
    row = np.zeros(DIMENSIONS, dtype=np.float32)
    row[0] = 0.01  # no text is without a direction
    for word in re.findall(r"\w+", text.casefold()):
        digest = hashlib.blake2b(word.encode(), digest_size=3).digest()
        row[digest[0] % DIMENSIONS] += 1.0 if digest[1] % 2 else -1.0
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


def filing_text(seed: int, sentences: int = 60) -> str:
    """A little filing that no other seed makes; the same seed always makes the same one."""
    chance = random.Random(seed)  # noqa: S311
    lines = ["Item 1. BUSINESS", "", f"Concern {seed} Inc. is a company of filing number {seed}.", ""]
    for number in range(sentences):
        if number % 10 == 0:
            lines += ["", HEADINGS[(number // 10) % len(HEADINGS)], ""]
        lines.append(
            chance.choice(SENTENCES).format(
                product=chance.choice(PRODUCTS),
                town=chance.choice(TOWNS),
                number=chance.randint(10, 99),
                digit=chance.randint(1, 9),
                year=chance.randint(2001, 2024),
            )
        )
    return "\n".join(lines) + "\n"


def write_filing(folder: Path, seed: int, sentences: int = 60) -> Path:
    path = folder / f"concern-{seed}.txt"
    path.write_text(filing_text(seed, sentences), encoding="utf-8")
    return path
