"""The model that ships, for a few short texts: the same weights, read where they lie and multiplied by numpy.

A question is a dozen tokens. To import torch and sentence-transformers for it takes seconds and half a gigabyte; this
takes a twentieth of a second, and its vectors differ from theirs in the seventh digit. Whole filings are left to torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from index.filing import Vectors
from index.tokens import token_ids

LONGEST = 256  # tokens of a text that the model reads, its first and its last mark among them
PARTS = ("query", "key", "value")
# The error function to the seventh digit, which numpy does not have: Abramowitz and Stegun, 7.1.26.
SLOPE = 0.3275911
SERIES = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class Dense(NamedTuple):
    """Weights and bias: of a product, or of what brings numbers to one scale."""

    weight: Vectors
    bias: Vectors


class Layer(NamedTuple):
    """One of the model's layers."""

    asked: Dense  # query, key and value in one product
    attended: Dense
    attended_norm: Dense
    widened: Dense
    narrowed: Dense
    narrowed_norm: Dense


class LightModel:
    """A BERT whose vector of a text is the mean over its tokens."""

    def __init__(self, folder: Path) -> None:
        # Else two processors wait for one another longer than they work on products as small as these: three times the
        # processor seconds, on a busy machine more. It holds for all that numpy multiplies in this process.
        ThreadpoolController().select(internal_api="openblas").limit(limits=1)
        known = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._heads = int(known["num_attention_heads"])
        self._least = float(known["layer_norm_eps"])
        held = _weights(folder / "model.safetensors")

        def dense(name: str) -> Dense:
            return Dense(held[f"{name}.weight"], held[f"{name}.bias"])

        self._words = held["embeddings.word_embeddings.weight"]  # stays in its file but for the rows that are asked for
        self._places = (
            held["embeddings.position_embeddings.weight"] + held["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = dense("embeddings.LayerNorm")
        self._layers = []
        for number in range(int(known["num_hidden_layers"])):
            at = f"encoder.layer.{number}"
            asked = [dense(f"{at}.attention.self.{part}") for part in PARTS]
            rest = ["attention.output.dense", "attention.output.LayerNorm", "intermediate.dense"]
            rest += ["output.dense", "output.LayerNorm"]
            together = Dense(*(np.concatenate(each) for each in zip(*asked, strict=True)))
            self._layers.append(Layer(together, *(dense(f"{at}.{name}") for name in rest)))

    def encode(self, texts: list[str]) -> Vectors:
        """One unit vector a text. The tokens of all stand in one matrix, without padding; only attention parts them."""
        tokens = [ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]] for ids in token_ids(texts)]
        ends = np.cumsum([len(ids) for ids in tokens]).tolist()
        spans = [slice(end - len(ids), end) for ids, end in zip(tokens, ends, strict=True)]
        rows = self._words[np.concatenate(tokens)] + np.concatenate([self._places[: len(ids)] for ids in tokens])
        rows = self._scaled(rows, self._norm)
        for layer in self._layers:
            seen = self._attended(_product(rows, layer.asked), spans)
            rows = self._scaled(rows + _product(seen, layer.attended), layer.attended_norm)
            wide = _gelu(_product(rows, layer.widened))
            rows = self._scaled(rows + _product(wide, layer.narrowed), layer.narrowed_norm)
        means = np.stack([rows[span].mean(axis=0) for span in spans])
        unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit

    def _attended(self, asked: Vectors, spans: list[slice]) -> Vectors:
        width = asked.shape[1] // 3
        seen = np.empty((len(asked), width), np.float32)
        for span in spans:
            query, key, value = asked[span].reshape(-1, 3, self._heads, width // self._heads).transpose(1, 2, 0, 3)
            heed = query @ key.transpose(0, 2, 1) * np.float32((width / self._heads) ** -0.5)
            heed = np.exp(heed - heed.max(axis=-1, keepdims=True))
            heed /= heed.sum(axis=-1, keepdims=True)
            seen[span] = (heed @ value).transpose(1, 0, 2).reshape(-1, width)
        return seen

    def _scaled(self, rows: Vectors, norm: Dense) -> Vectors:
        rows = rows - rows.mean(axis=-1, keepdims=True)
        rows /= np.sqrt((rows * rows).mean(axis=-1, keepdims=True) + np.float32(self._least))
        scaled: Vectors = rows * norm.weight + norm.bias
        return scaled


def _product(rows: Vectors, dense: Dense) -> Vectors:
    made: Vectors = rows @ dense.weight.T + dense.bias
    return made


def _gelu(rows: Vectors) -> Vectors:
    far = np.abs(rows) * np.float32(0.5**0.5)
    near = 1 / (1 + np.float32(SLOPE) * far)
    rest = np.zeros_like(near)
    for factor in SERIES:
        rest = (rest + np.float32(factor)) * near
    rest *= np.exp(-far * far) * np.float32(0.5)  # how much of the bell curve lies beyond
    made: Vectors = rows * np.where(rows >= 0, 1 - rest, rest)
    return made


def _weights(path: Path) -> dict[str, Vectors]:
    """The matrices in a file of safetensors, as they lie on the disk."""
    held = np.memmap(path, np.uint8, "r")
    start = 8 + int.from_bytes(held[:8].tobytes(), "little")
    found = {}
    for name, about in json.loads(held[8:start].tobytes()).items():
        if about.get("dtype") == "F32":
            first, end = about["data_offsets"]
            found[name] = np.asarray(held[start + first : start + end]).view("<f4").reshape(about["shape"])
    return found
