"""Files that somebody made to do harm: read safely or refused, within 20 seconds and 1 GB, the process alive."""

from __future__ import annotations

import gzip
import os
import resource
import time
from pathlib import Path

import pytest

from index.filing import UnreadableFiling
from index.reader import read_filing
from index.readers.compressed import inflate
from index.readers.confined import in_child
from index.readers.document import Unreadable
from index.readers.formats import read_text

REPORT = (
    "<html><body><p>FORM 10-K</p><p>Annual report of the registrant, Acme Corporation</p><p>Item 1. Business</p>"
    "<p>" + "The company sells its products to customers in many countries. " * 5 + "</p>"
)
END = "</body></html>"


def test_fifty_thousand_levels_are_read() -> None:
    deep = REPORT + "<div>" * 50_000 + "The company is at the bottom." + "</div>" * 50_000 + "<p>After it.</p>" + END
    text = read_text(deep).text
    assert "The company is at the bottom." in text
    assert "After it." in text


def test_a_text_node_of_twelve_megabytes_is_read() -> None:
    long = "We sell anvils to the company. " * 400_000
    assert len(read_text(f"{REPORT}<p>{long}</p><p>After it.</p>{END}").text) > 12_000_000


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>" * 3000 + "x",
        "<table><tr>" + "<td>$<td>(6" * 20_000,
        "<table><tr>" + "<td>•" * 20_000 + "<td>x",
        "<table><tr><td>" + "a<br>" * 50_000,
        "<pre>" + "a\n" * 50_000,
        "<pre>" + " " * 1_000_000 + "x",
        "<pre>" + "5\n" * 50_000,
        '<p style="' + "font:" * 100_000 + '">x',
        "x<sup>1" * 5_000,
        "<ix:header>" * 5_000,
        "<a><b>" * 5_000 + "</a></b>" * 5_000,
        "<!--" * 100_000,
        "<br>" * 100_000,
        "&#0;&#xD800;&#x202e;&zwj;" * 10_000,
        "<ul>" + "<li>" * 50_000,
    ],
)
def test_many_of_anything_take_time_in_proportion(body: str) -> None:
    begun = time.process_time()
    assert "Acme Corporation" in read_text(REPORT + body + END).text
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "body",
    [
        "<span>" * 400_000 + "</x>" * 400_000,
        "<div " + " ".join(f"a{number}=1" for number in range(400_000)) + ">x",
        "<div>" + "".join(f"<b a={number}>" for number in range(20_000)) + "</div>" + "<p>x" * 20_000,
    ],
)
def test_what_makes_the_parser_work_for_ever_ends_a_child_and_not_us(body: str) -> None:
    with pytest.raises(Unreadable, match="takes more than 20 seconds or 1 GB of memory"):
        in_child("text", (REPORT + body + END).encode(), seconds=2)


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the launch codes")
    declared = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "launch" not in read_text(f"{declared}{REPORT}<p>&x;</p>{END}").text
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    assert len(read_text(f'<!DOCTYPE html [<!ENTITY l0 "ha">{laughs}]>{REPORT}<p>&l11;</p>{END}').text) < 10_000


def test_stray_characters_are_read_over(tmp_path: Path) -> None:
    path = tmp_path / "stray.htm"
    body = "<p>a\0b \ud800 \ud83d &#xDFFF; \u202eright to left\u202c \x85 \x0b end</p>" + "<p>More.</p>" * 2000
    path.write_bytes((REPORT + body + END).encode("utf-8", "surrogatepass"))
    text = read_filing(path).text
    text.encode("utf-8")
    assert "\0" not in text
    assert "right to left" in text


def test_a_gzip_bomb_is_refused_without_being_unpacked() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable, match="unpacks to more than 30 MB"):
        inflate(gzip.compress(b"\0" * 500_000_000, 9))
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000
    )  # the test's own zeros are the most of it


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(gzip.compress(b"text")), "a gzip archive inside another"),
        (gzip.compress(b"text" * 1000)[:-30], "damaged or cut short"),
        (gzip.compress(os.urandom(1000))[:12], "damaged or cut short"),
        (b"\x1f\x8b\x08\xff" + b"\xff" * 100, "damaged or cut short"),
        (gzip.compress(b"  "), "empty"),
    ],
)
def test_damaged_archives_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        inflate(data)


def test_a_packed_report_is_read_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "report.gz"
    path.write_bytes(gzip.compress((REPORT + END).encode()))
    assert "Item 1. Business" in read_filing(path).text


def test_an_earnings_release_full_of_losses_reads_like_a_report(tmp_path: Path) -> None:
    path = tmp_path / "earnings.txt"
    words = (
        "The company reports its results of operations for the fiscal year, with net sales and net income by segment.\n"
    )
    path.write_text(words * 8 + "Net loss of the company (12.5) (7) ($5,000) (3%) (4)\n" * 40)
    assert "(12.5)" in read_filing(path).text


def test_the_name_of_a_file_leads_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (tmp_path / "evil.htm").write_text(REPORT + END)
    filing = read_filing(folder / ".." / "evil.htm")
    assert filing.source == "evil.htm"
    assert ".." not in filing.id


def test_a_refusal_is_one_sentence_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "half.htm"
    path.write_text(REPORT + "<p>We sell anvils and spr")
    with pytest.raises(UnreadableFiling, match=r"^half\.htm is cut off before its end; download it again\.$"):
        read_filing(path)
