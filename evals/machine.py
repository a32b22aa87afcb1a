"""What a measure of speed was taken on: figures without it say nothing."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = (
    "footnote-filings",
    "torch",
    "sentence-transformers",
    "chromadb",
    "langchain-text-splitters",
    "streamlit",
    "numpy",
)


def this_machine() -> dict[str, Any]:
    """Processor, cores, memory, versions."""
    import torch  # takes seconds, and what is started cold must come before

    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "arithmetic_of_16_bits": bool(torch.cpu._is_avx512_bf16_supported()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
    }


def load() -> list[float]:
    """Programs that wanted a processor, on average over 1, 5 and 15 minutes."""
    return [round(one, 2) for one in os.getloadavg()]


def _processor() -> str:
    """Linux knows its name; elsewhere the kind must do."""
    try:
        told = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        told = None
    return f"{told.group(1)} ({platform.machine()})" if told else platform.processor() or platform.machine()
