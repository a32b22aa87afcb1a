"""Many visitors of one real server: nobody is shown another one's answer or filings, and a kill takes nothing away.

`python -m evals.load` and `python -m evals.faults` measure the same with many more.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from evals.browsing import PageLost, put_file
from evals.known_answers import known_answers, made_up
from evals.load import all_at_once
from evals.page_visitor import Visitor
from evals.served import Served
from evals.visits import Part
from rag.assistant import Assistant

QUESTION = "How many employees did the company have at the end of 2021?"
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def demo(seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("visitors")
    shutil.copytree(seeded_dir, folder / "data")
    with Served(folder / "data", folder / "server.log", FOOTNOTE_DEMO="1") as served:
        served.start_until_ready()
        yield served


def test_ten_who_ask_at_once_are_each_given_their_own_answer(demo: Served, seeded_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(seeded_dir, tmp_path / "data")
    known = known_answers(tmp_path / "data", 10)
    part = Part("ten at once")
    asyncio.run(all_at_once(demo, known, 1, part))
    assert part.outcomes == Counter(right=10), [one for one in part.asked if one.outcome != "right"]
    assert "Traceback" not in demo.log.read_text()


def test_what_a_visitor_of_a_demonstration_uploads_nobody_else_sees(demo: Served) -> None:
    anns, bens = made_up(1, 8), made_up(2, 8)

    async def visit() -> None:
        async with await Visitor.arrive(demo.address) as ann, await Visitor.arrive(demo.address) as ben:
            shipped = len(ann.chips)
            for visitor, filing in ((ann, anns), (ben, bens)):
                await visitor.upload(filing.name, filing.content)
            for visitor, own, others in ((ann, anns, bens), (ben, bens, anns)):
                line = f"{own.name}: added."
                await visitor.until(lambda it, line=line: line in it.words, line, PATIENCE)  # type: ignore[misc]
                assert len(visitor.chips) == shipped + 1
                assert own.sign in (await visitor.ask(own.question, PATIENCE)).text
                await visitor.choose(*visitor.chips)
                assert (await visitor.ask(f"What is {others.sign}?", PATIENCE)).data["refusal"]
            async with await Visitor.arrive(demo.address) as stranger:
                assert len(stranger.chips) == shipped
                assert (await stranger.ask(anns.question, PATIENCE)).data["refusal"]

    asyncio.run(visit())


def test_what_is_sent_and_never_handed_in_has_a_bound(demo: Served) -> None:
    async def hoard() -> list[int]:
        sent = []
        async with await Visitor.arrive(demo.address) as visitor:
            for size in (21_000_000, 19_000_000, 19_000_000, 19_000_000):
                urls = await visitor.address_to_upload("report.txt")
                with suppress(PageLost):
                    put_file(visitor.browser, visitor.address, urls.upload_url, "report.txt", b"x" * size)
                    sent.append(size)
            with pytest.raises(PageLost, match=r"413.*no room for this file"):
                put_file(visitor.browser, visitor.address, urls.upload_url, "report.txt", b"x" * 19_000_000)
        return sent

    assert asyncio.run(hoard()) == [19_000_000] * 2, "no file above 20 MB, and no more than 40 MB of one session"


def test_what_was_asked_before_the_browser_told_whose_it_is_is_kept(demo: Served) -> None:
    owner = secrets.token_hex(24)

    async def visit() -> None:
        async with await Visitor.arrive(demo.address) as visitor:
            await visitor.ask(QUESTION, PATIENCE)
            runs = visitor.runs
            await visitor.tell_who(owner)
            await visitor.until(lambda it: it.runs > runs, "a run that heard it")
        async with await Visitor.arrive(demo.address, owner) as again:
            await again.until(lambda it: QUESTION in it.buttons, "the earlier conversation")

    asyncio.run(visit())


@pytest.mark.timeout(300)
def test_a_server_killed_while_it_answers_has_all_that_was_kept(demo: Served) -> None:
    owner = secrets.token_hex(24)

    async def use(served: Served) -> str:
        async with await Visitor.arrive(served.address, owner) as visitor:
            card = await visitor.ask(QUESTION, PATIENCE)
            assert "373" in card.text
            await visitor.deed(card, kind="share")
            share_id = await visitor.until(lambda it: it.cards[0].data["share"], "a link")
            await visitor.deed(visitor.cards[0], kind="thumb", up=True, reason="It is right.")
            await visitor.until(lambda it: it.cards[0].data["thumb"], "the thumb")
            await visitor.type_question("Who distributes the products to end users?")
            served.kill()
            with pytest.raises(PageLost):
                await visitor.answer("that question", PATIENCE)
            return str(share_id)

    async def look(served: Served, share_id: str) -> None:
        async with await Visitor.arrive(served.address, query=f"share={share_id}") as visitor:
            cards = await visitor.until(lambda it: it.cards, "the share")
            assert [card.title for card in cards] == [QUESTION]
        async with await Visitor.arrive(served.address, owner) as visitor:
            await visitor.until(lambda it: QUESTION in it.buttons, "the earlier conversation")
            assert "373" in (await visitor.ask(QUESTION, PATIENCE)).text

    share_id = asyncio.run(use(demo))
    demo.start_until_ready()
    asyncio.run(look(demo, share_id))
    kept = Assistant.open(demo.data_dir)
    assert [one.reason for one in kept.records.feedback()] == ["It is right."]
    kept.close()
