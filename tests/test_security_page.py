"""docs/security.md names a test for every threat; each of them is there, and some rules are read from the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.test_rooms import imported

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# What turns a file into objects by running what stands in it.
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
UNSAFE_CALLS = {"load_prompt", "eval", "exec"}


def named_tests() -> list[tuple[str, str]]:
    return NAMED.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))


def test_every_threat_names_a_test() -> None:
    rows = [
        line
        for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| threat")
    ]
    assert len(rows) > 25
    assert [row for row in rows if not NAMED.search(row)] == []


@pytest.mark.parametrize(("path", "name"), named_tests())
def test_the_test_that_is_named_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_nothing_is_loaded_that_could_be_code() -> None:
    for room in ("index", "rag", "ui"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert not {module.partition(".")[0] for _, module in imported(tree)} & UNSAFE_MODULES, path
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    called = ast.unparse(node.func)
                    assert called not in UNSAFE_CALLS, f"{path}:{node.lineno}"
                    assert called != "torch.load", f"{path}:{node.lineno}"
                    assert not any(word.arg == "unsafe_allow_html" for word in node.keywords), f"{path}:{node.lineno}"
