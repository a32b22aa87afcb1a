"""Processes for the tests that start many: forked from one that has imported everything, which takes a second each."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from index.build import FilingIndex
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder

forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(["tests.index.processes"])


def opened(data_dir: Path) -> FilingIndex:
    return FilingIndex(IndexSettings(data_dir=data_dir, least_free_bytes=0), StandInEncoder())


def open_and_close(data_dir: Path) -> None:
    opened(data_dir).close()
