"""Ray's only door: one on this machine for as long as it is needed, or the cluster that RAY_ADDRESS names.

Nothing of Ray is imported before it is asked for: it is an extra.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any

from index.problems import first_line

log = logging.getLogger(__name__)
MOST_WAITING = 200_000_000  # bytes that were made and not yet written: then Ray Data hands out nothing more


class NoRay(RuntimeError):
    """Ray is not installed, or does not start; its message is one plain sentence."""


class RayStopped(RuntimeError):
    """Ray ended in the middle of its work; its message is half a sentence."""


@contextmanager
def ray_running() -> Iterator[RayEngine]:
    """Ray, started if it does not run in this process yet; then it and all its processes are ended afterwards too."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # or it tells its makers of every start
    cluster = os.environ.get("RAY_ADDRESS", "")
    if not cluster:
        # Said before it is imported: it listens on loopback only, and takes orders only with a key drawn here.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    ray = _imported()
    if ray.is_initialized():
        yield RayEngine(ray)
        return
    # Not in the data folder: the path of a socket may have a hundred letters and no more.
    folder = tempfile.mkdtemp(prefix="footnote-ray-")
    try:
        with redirect_stdout(sys.stderr):  # Ray tells of workers that died where answers stand
            _start(ray, cluster, folder)
            yield RayEngine(ray)
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _imported() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise NoRay(
            "The engine ray needs Ray: pip install 'footnote-filings[scale]', or leave out --engine."
        ) from error
    return ray


def _start(ray: Any, cluster: str, folder: str) -> None:
    words = {"logging_level": logging.ERROR, "log_to_driver": False}
    try:
        if cluster:
            ray.init(address=cluster, **words)
        else:
            ray.init(address="local", include_dashboard=False, _temp_dir=folder, **words)
    except Exception as error:  # it has many of its own, and none says what to do
        raise NoRay(f"Ray does not start ({first_line(error)}); leave out --engine.") from error


@dataclass(frozen=True)
class RayEngine:
    """Work handed out, and what was made of it coming back as it is asked for, in the order of the loads."""

    ray: Any

    @property
    def processors(self) -> int:
        return max(1, int(self.ray.cluster_resources().get("CPU", 1)))

    def tasks(self, work: Callable[[Any], Any], loads: Sequence[Any]) -> Iterator[Any]:
        """What a function makes of each load."""
        return self._stream(_row_of(work), loads)

    def actors(self, worker: type, given: Sequence[Any], loads: Sequence[Any], most: int) -> Iterator[Any]:
        """What workers make of the loads; each is made once, from what is given, in a process of its own."""
        size = min(most, self.processors, len(loads))
        pool = self.ray.data.ActorPoolStrategy(size=size)
        # One processor an actor: that is how many threads Ray lets its arithmetic have.
        return self._stream(_RowWorker, loads, fn_constructor_args=(worker, *given), compute=pool, num_cpus=1)

    def _stream(self, work: Any, loads: Sequence[Any], **how: Any) -> Iterator[Any]:
        if not loads:
            return
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what it raises is told in a sentence
        rows = [{"load": load} for load in loads]
        made = self.ray.data.from_items(rows, override_num_blocks=len(rows)).map(work, **how)
        made.context.enable_progress_bars = False  # the terminal shows one of ours
        made.context.print_on_execution_start = False
        options = made.context.execution_options
        options.preserve_order = True
        options.resource_limits = self.ray.data.ExecutionResources.for_limits(object_store_memory=MOST_WAITING)
        coming = iter(made.iter_rows())
        while (row := self._next(coming)) is not None:
            yield row["made"]

    def _next(self, coming: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
        try:
            return next(coming, None)
        except Exception as error:
            log.warning("Ray stopped", exc_info=error)
            raise RayStopped(f"Ray stopped ({first_line(error)})") from error


def _row_of(work: Callable[[Any], Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: {"made": work(row["load"])}


class _RowWorker:
    def __init__(self, worker: type, *given: Any) -> None:
        self._work = worker(*given)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"made": self._work(row["load"])}
