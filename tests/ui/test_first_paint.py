"""The first paint waits for no package that it does not need."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "chromadb", "langchain", "openai", "sklearn", "numpy", "sqlalchemy", "pydantic", "pandas", "altair")


@pytest.mark.parametrize("script", ["ui/app.py", "ui/server.py"])
def test_nothing_heavy_is_imported(script: str) -> None:
    tree = ast.parse((ROOT / script).read_text())
    modules = sorted({node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module})
    ours = [module for module in modules if module.startswith("ui.")]
    assert ours
    code = f"import json, sys, {', '.join(ours)}; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(found.stdout) == []
