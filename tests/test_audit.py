"""What the look-up of known weaknesses makes of what pip-audit reports."""

from __future__ import annotations

from typing import Any

import pytest

from scripts import audit

CLEAN = {"name": "rich", "version": "15.0.0", "vulns": []}
UNKNOWN = {"name": "typer", "skip_reason": "Dependency not found on PyPI and could not be audited: typer (0.29.2)"}


def weak(number: str, *aliases: str) -> dict[str, Any]:
    found = {"id": number, "fix_versions": ["2.0"], "aliases": list(aliases), "description": "It is weak."}
    return {"name": "parser", "version": "1.0", "vulns": [found]}


def ended(monkeypatch: pytest.MonkeyPatch, *packages: dict[str, Any]) -> int:
    monkeypatch.setattr(audit, "report", lambda: {"dependencies": list(packages), "fixes": []})
    return audit.main()


def test_a_weakness_fails_the_build(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, CLEAN, weak("PYSEC-1")) == 1
    assert "parser 1.0: PYSEC-1, mended in 2.0" in capsys.readouterr().out


def test_none_passes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, CLEAN, UNKNOWN) == 0
    assert "1 packages were looked up, 0 weaknesses are known; 1 could not" in capsys.readouterr().out


def test_nobody_asked_is_not_called_clean(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, UNKNOWN, UNKNOWN) == 0
    assert "were not looked up" in capsys.readouterr().out


def test_what_cannot_happen_here_is_known_by_either_of_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    name = next(iter(audit.NOT_OURS))
    assert ended(monkeypatch, CLEAN, weak("GHSA-1", name)) == 0
    assert ended(monkeypatch, CLEAN, weak(name)) == 0
