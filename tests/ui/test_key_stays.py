"""The key of a language model is in nothing that leaves: no share, export, record, count, log line or page.

The model of these tests knows the key and says it wherever it can, as an endpoint may.
"""

from __future__ import annotations

import io
import json
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

import pytest
from prometheus_client import generate_latest
from sqlalchemy import MetaData, select
from streamlit.testing.v1 import AppTest

from index.backup import back_up
from index.build import FilingIndex
from rag.assistant import Assistant
from rag.kept import SharedTurn
from tests.rag.conftest import model_at
from tests.rag.made_up import BAKERY, write_report
from tests.rag.stub_model import KEY, Fails, Request, Says, StubModel, Turn, lines, serving
from tests.ui.conftest import OpenPage, cards
from tests.ui.running import serving as serving_page
from tests.ui.running import wait_until_ready
from ui.counted_assistant import CountedAssistant
from ui.export_file import export_file
from ui.exports import Format
from ui.metrics import meters

LARGEST = (
    "Our largest customer, Wheatfield Markets, accounted for 31% and 27% of our revenues in fiscal years 2022 and "
    "2021, respectively."
)
IN_2022 = "Its largest customer, Wheatfield Markets, accounted for 31% of its revenues in fiscal year 2022."
QUESTION = "Who is the largest customer?"
FORMATS: tuple[Format, ...] = get_args(Format)


def telltale(request: Request) -> str:
    """A good sentence among bad ones, each with the key in another place."""
    good = lines((IN_2022, "Wheatfield", LARGEST))(request).removesuffix("DONE\n")
    number = request.id_of("Wheatfield")
    return (
        f"SAY Its key is {KEY}.\nFROM {number} {LARGEST}\n\n{good}"
        f"SAY {IN_2022} {KEY}\nFROM {number} {LARGEST} {KEY}\n\n"
        f"SAY [{KEY}] It has 212 employees.\nFROM {KEY} {KEY}\n\nNEXT Who has {KEY}?\nDONE\n"
    )


TELLS: dict[str, Turn] = {
    "says it": Says(telltale),
    "says it as a question": Says(f"QUESTION Who has {KEY}?\nPART Where is {KEY}?"),
    "refuses it": Fails(401),
    "fails with it": Fails(500, message=KEY),
    "fails with it in the stream": Says("", garbage=json.dumps({"error": {"message": KEY}})),
    "declines with it": Says("", refusal=f"I will not tell {KEY}."),
}


@pytest.fixture
def serve() -> Iterator[Callable[[Turn], StubModel]]:
    with ExitStack() as stack:
        yield lambda turn: stack.enter_context(serving(StubModel([turn])))


@pytest.fixture
def bakery(open_index: Callable[..., FilingIndex], tmp_path: Path) -> CountedAssistant:
    assistant = CountedAssistant(open_index())
    assistant.ingest([write_report(tmp_path / "in", "clean", BAKERY)])
    return assistant


@dataclass(frozen=True)
class Left:
    """What left the program in one way."""

    way: str
    what: str


@pytest.mark.parametrize("turn", TELLS.values(), ids=TELLS)
def test_nothing_that_is_kept_or_handed_on_has_the_key(
    bakery: CountedAssistant,
    serve: Callable[[Turn], StubModel],
    turn: Turn,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    stub = serve(turn)
    settings = model_at(stub.address, model_attempts=2)
    steps: list[str] = []
    first = bakery.ask(QUESTION, ["clean"], on_step=steps.append, model=settings)
    second = bakery.ask("And who installs them?", ["clean"], [first], on_step=steps.append, model=settings)
    summary = bakery.summarize("clean", on_step=steps.append, model=settings)
    turns = [SharedTurn(one.question, one, tuple(steps)) for one in (first, second, summary)]
    assert stub.requests[0].headers["authorization"] == f"Bearer {KEY}"

    share = bakery.records.share(turns)
    bakery.records.keep("somebody", "a conversation", QUESTION, turns)
    bakery.records.note_feedback(first, "down", "It is not nice.")
    for left in ways_out(bakery, turns, share):
        assert KEY not in left.what, left.way
    assert KEY not in caplog.text
    assert KEY not in "".join(capfd.readouterr())
    rows = list(every_cell(bakery))
    assert any("Wheatfield" in cell for cell in rows), "what is packed was read"
    assert not [cell for cell in rows if KEY in cell]
    back_up(bakery.index.settings.data_dir, tmp_path / "backup")
    assert KEY.encode() not in (tmp_path / "backup").read_bytes()


def ways_out(bakery: Assistant, turns: list[SharedTurn], share: str) -> Iterator[Left]:
    shared, kept = bakery.records.shared(share), bakery.records.conversation("somebody", "a conversation")
    assert shared
    assert kept
    yield Left("a share", repr(shared))
    yield Left("a kept conversation", repr(kept))
    yield Left("the list of conversations", repr(bakery.records.conversations("somebody")))
    yield Left("feedback", repr(bakery.records.feedback()))
    entries = bakery.records.trail.entries()
    assert len(entries) == len(turns)
    yield Left("the audit trail", repr(entries) + json.dumps([entry.to_dict() for entry in entries]))
    for to in FORMATS:
        for name, source in (("an export", None), ("an export of a share", shared)):
            file = export_file(turns, to, bakery, source)
            parts = [file.content]
            if to == "docx":
                with ZipFile(io.BytesIO(file.content)) as parcel:
                    parts = [parcel.read(part) for part in parcel.namelist()]
            yield Left(f"{name} as {to}", file.name + b"\n".join(parts).decode())
    meters()
    yield Left("the counts", generate_latest().decode())


def every_cell(assistant: Assistant) -> Iterator[str]:
    """All that the database holds, what is packed in it unpacked."""
    engine = assistant.index.library.engine
    with engine.connect() as connection:
        found = MetaData()
        found.reflect(engine)
        for table in found.sorted_tables:
            for row in connection.execute(select(table)):
                for cell in row:
                    yield _plain(cell) if isinstance(cell, bytes) else str(cell)


def _plain(cell: bytes) -> str:
    try:
        return zlib.decompress(cell).decode()
    except zlib.error:
        return cell.decode("latin-1")


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [TELLS["says it"], TELLS["refuses it"], TELLS["fails with it"]])
def test_a_key_that_was_typed_is_on_no_page(
    open_page: OpenPage, bakery: CountedAssistant, serve: Callable[[Turn], StubModel], turn: Turn
) -> None:
    stub = serve(turn)
    page = open_page(bakery)
    fields = {field.label: field for field in page.text_input}
    fields["Key"].set_value(KEY)
    fields["Model"].set_value("made-up-1")
    fields["Endpoint"].set_value(stub.address)
    next(button for button in page.button if button.label == "Let it write").click().run()
    page.chat_input[0].set_value(QUESTION).run()
    (card, *_) = cards(page)
    assert "Wheatfield" in str(card["paragraphs"])
    assert stub.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in sent_to_the_browser(page)
    page.run()
    assert KEY not in sent_to_the_browser(page)


def sent_to_the_browser(page: AppTest) -> str:
    """All elements of the page as they go over the line."""
    elements = [element for block in (page.main, page.sidebar) for element in block]
    assert len(elements) > 5
    return " ".join(str(element.proto) for element in elements)


# The server -----------------------------------------------------------------------------------------------------------


def test_a_server_with_a_key_tells_it_to_nobody(tmp_path: Path, serve: Callable[[Turn], StubModel]) -> None:
    (tmp_path / "data").mkdir()
    address = serve(TELLS["says it"]).address
    with serving_page(tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=address) as running:
        wait_until_ready(running)
        for path in (
            "/",
            "/healthz",
            "/readyz",
            "/metrics",
            "/_stcore/health",
            "/_stcore/host-config",
            "/no-such-page",
        ):
            status, headers, body = running.get(path)
            assert KEY not in f"{status} {headers} {body}", path
        written = running.log.read_text()
    assert KEY not in written
    assert not any(KEY.encode() in file.read_bytes() for file in running.data_dir.rglob("*") if file.is_file())
