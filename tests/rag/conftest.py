"""The seeded library with the real model, and libraries of a test's own that share that model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from index.build import FilingIndex
from index.embed import SentenceEncoder
from index.filing import Vectors
from index.settings import IndexSettings
from rag.answer import Answer
from rag.assistant import Assistant
from rag.model_settings import ModelSettings
from tests.rag.made_up import BAKERY, PLANT, write_report
from tests.rag.stub_model import KEY, StubModel, serving

FY2017, FY2020, FY2021 = "smith-micro-fy2017", "smith-micro-fy2020", "smith-micro-fy2021"


class RememberingEncoder(SentenceEncoder):
    """The real model, which reads each text once: the tests ask the same filings hundreds of questions."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known |= dict(zip(fresh, super().encode(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])


@pytest.fixture(scope="session")
def assistant(seeded_dir: Path) -> Assistant:
    return Assistant(FilingIndex(IndexSettings(data_dir=seeded_dir), RememberingEncoder()))


@pytest.fixture
def open_assistant(assistant: Assistant, tmp_path: Path) -> Iterator[Callable[[str], Assistant]]:
    """Opens an empty library with the real model, under a name."""
    opened: list[Assistant] = []

    def open_it(name: str) -> Assistant:
        settings = IndexSettings(data_dir=tmp_path / name, least_free_bytes=0)
        opened.append(Assistant(FilingIndex(settings, assistant.index.encoder)))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def summaries(assistant: Assistant) -> dict[str, Answer]:
    """The summary of each seed, as a reader gets it by default."""
    return {filing.id: assistant.summarize(filing.id) for filing in assistant.filings()}


@pytest.fixture(scope="session")
def bakery(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """A small report as it is, with an instruction planted in its middle, and without its last part."""
    folder = tmp_path_factory.mktemp("bakery")
    settings = IndexSettings(data_dir=folder / "data", least_free_bytes=0)
    bakery = Assistant(FilingIndex(settings, assistant.index.encoder))
    texts = {
        "clean": BAKERY,
        "planted": BAKERY.replace("Competition\n", f"{PLANT}Competition\n"),
        "unstaffed": BAKERY[: BAKERY.index("Competition\n")],
    }
    report = bakery.ingest([write_report(folder, filing_id, text) for filing_id, text in texts.items()])
    assert [outcome.filing_id for outcome in report.outcomes] == list(texts), report
    return bakery


# With a language model ------------------------------------------------------------------------------------------------

Serve = Callable[..., StubModel]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts an endpoint that takes these turns."""
    with ExitStack() as stack:
        yield lambda *turns: stack.enter_context(serving(StubModel(list(turns))))


def model_at(address: str, **more: Any) -> ModelSettings:
    quick: dict[str, Any] = {"model_silence_seconds": 5.0} | more
    return ModelSettings(api_key=SecretStr(KEY), base_url=address, model="stub-1", **quick)


@pytest.fixture(scope="session")
def ovens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The bakery's report, the same with an order planted in it, and a rival's."""
    folder = tmp_path_factory.mktemp("ovens")
    ovens = Assistant(FilingIndex(IndexSettings(data_dir=folder / "data", least_free_bytes=0), RememberingEncoder()))
    rival = BAKERY.replace("Hearthstone Ovens", "Kneadwell Mixers").replace("212", "90").replace("oven", "mixer")
    planted = BAKERY.replace("Competition\n", f"{PLANT}Competition\n")
    paths = [write_report(folder, "clean", BAKERY), write_report(folder, "planted", planted)]
    ovens.ingest([*paths, write_report(folder, "rival", rival, company="Kneadwell Mixers Corp.")])
    assert [filing.id for filing in ovens.filings()] == ["clean", "planted", "rival"]
    yield ovens
    ovens.close()
