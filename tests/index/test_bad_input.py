"""What is no filing is refused in one sentence that names the file and says what to do, and leaves nothing behind."""

from __future__ import annotations

import bz2
import io
import lzma
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.filing import UnreadableFiling
from index.reader import read_filing
from tests.index.standins import StandInEncoder, filing_text, write_filing
from tests.index.whole import assert_chroma_is_in_step, assert_whole

OpenIndex = Callable[..., FilingIndex]
WORKER = Path(__file__).parent / "worker.py"
NOBODY = 65534
WHAT_TO_DO = re.compile(
    r"\b(?:check|save|download|change|mend|remove|make room|name|choose|put|try again|run|unpack|convert|set|offer)\b"
)


def assert_one_clear_sentence(problem: str, name: str) -> None:
    assert name in problem, problem
    assert "\n" not in problem
    assert problem.isprintable(), problem
    assert problem.endswith("."), problem
    assert not re.search(r"[.!?] +[A-Z]", problem.replace(name, "")), f"more than one sentence: {problem}"
    assert WHAT_TO_DO.search(problem), f"it does not say what to do: {problem}"
    assert len(problem) - len(name) < 250, problem
    assert not re.search(r"Error\b|Traceback|sqlalche|Errno|None", problem), f"not for a reader: {problem}"


def assert_refused(index: FilingIndex, path: Path, name: str = "", hint: str = "") -> str:
    """The file is refused, the library is as before, and the next good filing goes in."""
    before = (index.library.generation(), index.library.count_passages(), index.store.state())
    (outcome,) = index.ingest([path]).outcomes
    assert (outcome.status, outcome.filing_id) == ("refused", None), outcome
    assert_one_clear_sentence(outcome.problem, name or path.name)
    assert hint in outcome.problem
    assert (index.library.generation(), index.library.count_passages(), index.store.state()) == before
    return outcome.problem


@pytest.fixture
def index(open_index: OpenIndex, tmp_path: Path) -> Iterator[FilingIndex]:
    """An index with one filing in it, which every refusal leaves whole, and which takes another one in afterwards."""
    index = open_index()
    (tmp_path / "good").mkdir()
    index.ingest([write_filing(tmp_path / "good", 1)])
    yield index
    assert [outcome.status for outcome in index.ingest([write_filing(tmp_path / "good", 2)]).outcomes] == ["added"]
    assert_whole(index)
    assert_chroma_is_in_step(index)


# Files that are no filing ---------------------------------------------------------------------------------------------


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(os.urandom(64 * 193)))
        + chunk(b"IEND", b"")
    )


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("filing.txt", filing_text(1))
    return packed.getvalue()


RECIPE = """Pasta with tomatoes

For four people: 400 g of pasta, 800 g of tomatoes, two onions, olive oil, salt, basil.

Cut the onions and fry them in the oil until they are soft. Add the tomatoes, salt them and let them cook for twenty
minutes. Meanwhile boil the pasta in plenty of salted water. Mix everything, and serve it with basil on top. Company is
welcome: with the leftovers it will do for six.
"""
LOREM = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 40
POEM = "The evening comes, the river runs, and over all the hills the light of one more summer day is gone. " * 30
PROGRAM = """
from dataclasses import dataclass

@dataclass
class Company:
    revenues: list[float]
    customers: dict[str, float]
    products: tuple[str, ...] = ()

def net_income(company: Company, operations: float, fiscal: int) -> float:
    total = sum(company.revenues) - operations
    for name, amount in company.customers.items():
        total += amount if name in company.products else 0.0
    return round(total, 2)
""" * 6  # fmt: skip
HTML = f"<!DOCTYPE html>\n<html><body><p>{filing_text(1)}</p></body></html>"

NO_FILINGS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "white space": (b" \n\t\r\n\f\x0b " * 1000, "is empty"),
    "a byte order mark and nothing else": (b"\xef\xbb\xbf", ""),
    "a mark of utf-16 and nothing else": (b"\xff\xfe", ""),
    "random bytes": (bytes(range(256)) * 500, "binary"),
    "nothing but zeros": (bytes(100_000), "binary"),
    "a program for this machine": (Path(sys.executable).resolve().read_bytes()[:2_000_000], "binary"),
    "an image": (png(), "image"),
    "a photograph": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + os.urandom(20_000), "image"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>> endobj\n" * 50, "PDF"),
    "a zip": (zipped(), "ZIP"),
    "a bzip2": (bz2.compress(filing_text(1).encode()), "bzip2"),
    "an xz": (lzma.compress(filing_text(1).encode()), "xz"),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(5000), "Word"),
    "rtf": (b"{\\rtf1\\ansi " + filing_text(1).encode() + b"}", "RTF"),
    "comments that never become html": (b"<!---->" * 5_000 + b"x", ""),
    "a recipe": (RECIPE.encode(), "does not read like a company's report"),
    "lorem ipsum": (LOREM.encode(), "does not read like a company's report"),
    "a poem": (POEM.encode(), "does not read like a company's report"),
    "a program": (PROGRAM.encode(), "does not read like a company's report"),
    "the reader itself": (Path("index/reader.py").read_bytes(), "does not read like a company's report"),
    "json": (b'{"company": "Acme", "revenues": [1, 2, 3], "customers": {"a": 1}, "products": []}\n' * 40, ""),
    "a table of figures": (b"company,revenues,customers,products\n" + b"1,2,3,4\n" * 5000, ""),
    "two words": (b"Item 1. Business", "does not read like a company's report"),
    "an unknown encoding": ("Компания продаёт продукты. ".encode("koi8-r") * 200, ""),
    "another unknown encoding": ("会社は製品を売ります。".encode("shift-jis") * 200, ""),
    "half of a letter of utf-16": (b"\xff\xfe" + filing_text(1).encode("utf-16-le")[:-1], "encoding"),
    "lone surrogates in utf-16": (b"\xff\xfe" + b"\x00\xd8" * 5000, "encoding"),
    "lone surrogates in utf-8": (b"\xed\xa0\x80" * 5000, ""),
    "utf-32": (filing_text(1).encode("utf-32"), ""),
    "utf-16 without a mark": (filing_text(1).encode("utf-16-le"), "binary"),
    "one letter": (b"a" * 20_000_000, "does not read like a company's report"),
    "one letter and a space": (b"a " * 10_000_000, "does not read like a company's report"),
    "nothing but spaces": (b" " * 20_000_000, "is empty"),
    "nothing but line ends and a letter": (b"\n" * 2_999_999 + b"x", "does not read like a company's report"),
    "nothing but bars": (b"|" * 20_000_000, "does not read like a company's report"),
    "nothing but page numbers": (b"1\n" * 1_000_000, "does not read like a company's report"),
    "nothing but footers": (b"Fiscal 2024 Form 10-K\n" * 2_000, "does not read like a company's report"),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("data", "hint"), NO_FILINGS.values(), ids=NO_FILINGS)
def test_a_file_that_is_no_filing_is_refused(index: FilingIndex, tmp_path: Path, data: bytes, hint: str) -> None:
    path = tmp_path / "offered.txt"
    path.write_bytes(data)
    assert_refused(index, path, hint=hint)
    with pytest.raises(UnreadableFiling):  # and what only looks at a file says the same
        index.parse(path)


@pytest.mark.timeout(30)
def test_100_mb_of_one_letter_are_refused_before_they_are_read(index: FilingIndex, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(100_000_000)  # a sparse file: it takes no room
    assert_refused(index, path, hint="100 MB")


def test_a_few_zeros_in_a_filing_are_left_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "zeros.txt"
    path.write_bytes(filing_text(1, 200).replace("company", "com\0pany", 3).encode())
    assert "\0" not in read_filing(path).text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("filler", ["x" * 150_000, "x " * 60_000, "x. Y " * 30_000, "(" * 500_000, "SAFE " * 30_000])
def test_an_endless_line_in_a_filing_does_not_hold_it_up(index: FilingIndex, tmp_path: Path, filler: str) -> None:
    path = tmp_path / "endless.txt"
    path.write_text(filing_text(1, 400) * 3 + filler, encoding="utf-8")
    (outcome,) = index.ingest([path]).outcomes
    assert outcome.status in ("added", "refused")
    assert_whole(index, words=False)


# Paths that are no file -----------------------------------------------------------------------------------------------


def test_a_folder_is_refused(index: FilingIndex, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert_refused(index, tmp_path / "folder", hint="is a folder")


@pytest.mark.parametrize("path", ["/", "..", "."])
def test_a_folder_without_a_name_is_refused(index: FilingIndex, path: str) -> None:
    assert_refused(index, Path(path), name=path, hint="is a folder")


def test_a_path_that_leads_nowhere_is_refused(index: FilingIndex, tmp_path: Path) -> None:
    assert_refused(index, tmp_path / "missing.txt", hint="does not exist")
    assert_refused(index, tmp_path / "no" / "such" / "missing.txt", hint="does not exist")
    (tmp_path / "file").write_text("x")
    assert_refused(index, tmp_path / "file" / "below.txt")
    assert_refused(index, tmp_path / ("x" * 300), hint="could not be read")
    assert_refused(index, Path("with\0zero.txt"), name="with\\x00zero.txt")


def test_a_link_to_nothing_and_one_to_itself_are_refused(index: FilingIndex, tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone.txt")
    assert_refused(index, tmp_path / "dangling.txt", hint="is a link to a file that does not exist")
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    assert_refused(index, tmp_path / "circle.txt")


@pytest.mark.timeout(20)
def test_what_may_never_end_is_not_read(index: FilingIndex, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert_refused(index, tmp_path / "pipe", hint="is a device or a pipe")
    for device in ("/dev/zero", "/dev/random", "/dev/null", "/dev/stdin", "/dev/tty"):
        if Path(device).exists() and not Path(device).is_file():
            assert_refused(index, Path(device))
    (tmp_path / "link-to-zero").symlink_to("/dev/zero")
    assert_refused(index, tmp_path / "link-to-zero", hint="is a device or a pipe")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two\nlines.txt", "two\\nlines.txt"),
        ("tab\tand\x1bescape.txt", "tab\\tand\\x1bescape.txt"),
        ("stray-\udcff-byte.txt", "stray-\\udcff-byte.txt"),
        ("right-to-\u202eleft.txt", "right-to-\\u202eleft.txt"),
        ("spaces and ünïcode.txt", "spaces and ünïcode.txt"),
        ("-rf", "-rf"),
    ],
)
def test_a_file_may_have_any_name(index: FilingIndex, tmp_path: Path, name: str, shown: str) -> None:
    path = tmp_path / name
    path.write_text("no filing", encoding="utf-8")
    assert_refused(index, path, name=shown)
    path.write_text(filing_text(9), encoding="utf-8")
    (outcome,) = index.ingest([path]).outcomes
    assert outcome.status == "added", outcome
    filing = index.library.filing(str(outcome.filing_id))
    assert filing.source == shown
    assert filing.company.isprintable()
    assert re.fullmatch(r"[\w.-]+", filing.id)


def test_a_path_with_steps_up_in_it_is_that_file_and_its_id_steps_nowhere(index: FilingIndex, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    path = write_filing(tmp_path, 5)
    (outcome,) = index.ingest([tmp_path / "below" / ".." / path.name]).outcomes
    assert (outcome.status, index.library.filing(str(outcome.filing_id)).source) == ("added", path.name)
    assert "/" not in str(outcome.filing_id)


@pytest.mark.timeout(60)
def test_a_file_that_is_being_written_is_refused(index: FilingIndex, tmp_path: Path) -> None:
    path = tmp_path / "growing.txt"
    path.touch()
    append = (
        "import sys\nwith open(sys.argv[1], 'ab', 0) as file:\n    while file.tell() < 20_000_000: file.write(b'x')"
    )
    writer = subprocess.Popen([sys.executable, "-c", append, str(path)])
    problems: set[str] = set()
    try:
        while writer.poll() is None and not any("being written" in problem for problem in problems):
            (outcome,) = index.ingest([path]).outcomes
            assert outcome.status == "refused"
            problems.add(outcome.problem)
    finally:
        writer.kill()
        writer.wait()
    assert "growing.txt is being written by another program; try again when it is done." in problems
    path.write_text(filing_text(7), encoding="utf-8")
    assert index.ingest([path]).outcomes[0].status == "added"


def test_one_bad_file_among_good_ones_keeps_none_of_them_out(index: FilingIndex, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2" * 500)
    paths = [write_filing(tmp_path, 11), tmp_path / "bad.txt", tmp_path / "missing.txt", write_filing(tmp_path, 12)]
    report = index.ingest(paths)
    assert [outcome.status for outcome in report.outcomes] == ["added", "refused", "refused", "added"]
    assert [outcome.path for outcome in report.outcomes] == paths


def test_a_defect_of_ours_keeps_no_other_file_out(open_index: OpenIndex, tmp_path: Path) -> None:
    class Stumbling(StandInEncoder):
        def encode(self, texts: list[str]):  # type: ignore[no-untyped-def]
            if any("Concern 2 " in text for text in texts):
                raise IndexError("stumbled")
            return super().encode(texts)

    index = open_index(Stumbling())
    report = index.ingest([write_filing(tmp_path, seed) for seed in (1, 2, 3)])
    assert [outcome.status for outcome in report.outcomes] == ["added"] * 3
    assert [outcome.problem for outcome in report.outcomes] == [
        "",
        "concern-2.txt was taken in, and can be asked by its words but not by meaning: Footnote failed on it "
        "(stumbled); please report it. The rest is made up when the next file is taken in, or the page is started.",
        "",
    ]
    assert len(index.library.unfinished()) == 1
    assert_whole(index)
    assert_chroma_is_in_step(index)


# Disks and permissions ------------------------------------------------------------------------------------------------


def work(data_dir: Path, *files: Path, **environment: str) -> list[list[str]]:
    """What a process of its own says of each file: [name, status, id or problem]."""
    done = subprocess.run(
        [sys.executable, str(WORKER), str(data_dir), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | environment,
    )
    if done.returncode:
        return [["", "failed", done.stderr.strip().splitlines()[-1]]]
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that another user reaches as well, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def as_somebody_else() -> dict[str, str]:
    """Root reads and writes everything, so the worker becomes nobody; anybody else stays who he is."""
    return {"AS_USER": str(NOBODY)} if os.geteuid() == 0 else {}


def can_run_as_nobody() -> bool:
    return os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in WORKER.resolve().parents)


needs_nobody = pytest.mark.skipif(not can_run_as_nobody(), reason="this folder is closed to the user nobody")


@needs_nobody
def test_a_file_that_may_not_be_read_is_refused(open_to_all: Path) -> None:
    data_dir = open_to_all / "data"
    data_dir.mkdir()
    data_dir.chmod(0o777)
    closed, good = write_filing(open_to_all, 1), write_filing(open_to_all, 2)
    closed.chmod(0)
    first, second = work(data_dir, closed, good, **as_somebody_else())
    assert first[1:] == ["refused", "concern-1.txt may not be read by this user; change its permissions."]
    assert second[1] == "added"


@needs_nobody
def test_a_data_folder_that_may_not_be_written_is_refused_in_one_sentence(open_to_all: Path) -> None:
    data_dir = open_to_all / "data"
    good = write_filing(open_to_all, 1)
    assert work(data_dir, good)[0][1] == "added"
    (data_dir / "library.db").chmod(0o444)
    for path in (data_dir, *data_dir.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    ((_, status, problem),) = work(data_dir, write_filing(open_to_all, 2), **as_somebody_else())
    assert_one_clear_sentence(problem.partition(": ")[2] if status == "failed" else problem, str(data_dir))
    assert "may not be written" in problem
    for path in (data_dir, *data_dir.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert [row[1] for row in work(data_dir, good, write_filing(open_to_all, 2))] == ["unchanged", "added"]


@needs_nobody
def test_a_data_folder_that_cannot_be_made_is_refused_in_one_sentence(open_to_all: Path) -> None:
    open_to_all.chmod(0o555)
    ((_, status, problem),) = work(open_to_all / "data", **as_somebody_else())
    assert status == "failed"
    assert_one_clear_sentence(problem.partition(": ")[2], str(open_to_all / "data"))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("largest", [0, 20_000, 100_000, 300_000])
def test_no_file_may_grow_any_more(open_index: OpenIndex, tmp_path: Path, largest: int) -> None:
    """A limit on the size of files stops SQLite, Chroma and the state file, each at another moment."""
    good, large = write_filing(tmp_path, 1), write_filing(tmp_path, 2, 1500)
    data_dir = tmp_path / "data"
    assert work(data_dir, good)[0][1] == "added"
    ((_, status, problem),) = work(data_dir, large, LARGEST_FILE=str(largest))
    assert status in ("refused", "failed", "added"), problem
    index = open_index()
    if status == "added":  # it was listed, and then nothing more could be written
        assert [index.library.filing(filing_id).source for filing_id in index.library.unfinished()] == [large.name]
    else:
        sentence = problem.partition("UnusableLibrary: ")[2] if status == "failed" else problem
        assert_one_clear_sentence(sentence, "concern-2.txt" if status == "refused" else str(data_dir))
        assert len(index.library.filings()) == 1
    assert_whole(index)
    assert_chroma_is_in_step(index)
    assert index.ingest([large]).outcomes[0].status == ("unchanged" if status == "added" else "added")
    assert index.library.unfinished() == []
    assert_whole(index)


def mounted(folder: Path, size: str) -> bool:
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 8 MB."""
    disk = tmp_path / "disk"
    if not mounted(disk, "8m"):
        pytest.skip("only root may mount a small disk, and not in every container")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.timeout(120)
def test_a_disk_that_runs_full_refuses_and_recovers(open_index: OpenIndex, small_disk: Path, tmp_path: Path) -> None:
    """Filled to a few kilobytes before each try, the disk is full at another moment each time; room then mends all."""
    index = open_index(data_dir=small_disk / "data")
    assert index.ingest([write_filing(tmp_path, 0)]).outcomes[0].status == "added"
    ballast = small_disk / "ballast"
    refused = unfinished = 0
    for number, left in enumerate([0, 4, 40, 80, 120, 200, 300, 450, 600, 900], 1):
        path = write_filing(tmp_path, number, 120)
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(b"x" * max(0, free - left * 1024))
        (outcome,) = index.ingest([path]).outcomes
        listed = [filing.id for filing in index.library.filings()]
        if outcome.status == "refused":
            refused += 1
            assert_one_clear_sentence(outcome.problem, path.name)
            assert "is full; make room and try again" in outcome.problem
            assert not [filing for filing in index.library.filings() if filing.source == path.name]
        else:
            assert outcome.filing_id in listed
            assert bool(outcome.problem) == (outcome.filing_id in index.library.unfinished())
            unfinished += bool(outcome.problem)
        assert_whole(index)  # with the disk still full
        ballast.unlink()
        index.repair()
        assert_whole(index)
        assert_chroma_is_in_step(index)
        again = "added" if outcome.status == "refused" else "unchanged"
        (made_up,) = index.ingest([path]).outcomes
        assert (made_up.status, made_up.problem) == (again, ""), "with room again it goes in"
        assert index.library.unfinished() == []
        for filing_id in [filing.id for filing in index.library.filings()][1:]:
            index.remove(filing_id)
    print(f"{refused} refused, {unfinished} taken in and not embedded")
    assert refused + unfinished >= 3
    index.close()


@pytest.mark.timeout(120)
def test_a_disk_that_is_full_at_the_start_is_named(open_index: OpenIndex, small_disk: Path, tmp_path: Path) -> None:
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(b"x" * (free - 8192))
    ((_, status, problem),) = work(small_disk / "data", write_filing(tmp_path, 1))
    assert status in ("failed", "refused")
    assert "is full" in problem
    (small_disk / "ballast").unlink()
    index = open_index(data_dir=small_disk / "data")
    assert index.ingest([write_filing(tmp_path, 1)]).outcomes[0].status == "added"
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_nothing_is_begun_where_little_room_is_left(open_index: OpenIndex, tmp_path: Path) -> None:
    encoder = StandInEncoder()
    index = open_index(encoder, least_free_bytes=10**18)
    problem = assert_refused(index, write_filing(tmp_path, 1), hint="MB are free")
    assert str(tmp_path / "data") in problem
    assert encoder.texts == []
