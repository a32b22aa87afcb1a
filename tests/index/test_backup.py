"""A backup is the library at one moment, and a restore gives exactly that or leaves everything as it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.backup import UnusableBackup, back_up, restore
from index.build import FilingIndex
from index.settings import IndexSettings
from tests.index.processes import forked, opened
from tests.index.standins import StandInEncoder, write_filing
from tests.index.test_migrations import OLD, unpacked
from tests.index.whole import assert_chroma_is_in_step, assert_whole
from ui.terminal import app

ROOT = Path(__file__).parents[2]


def library_with(data_dir: Path, numbers: range) -> Path:
    index = opened(data_dir)
    for number in numbers:
        assert index.ingest([write_filing(data_dir.parent, number)]).outcomes[0].status == "added"
    index.close()
    return data_dir


def held(data_dir: Path) -> dict[str, str]:
    """Every filing's text; on the way it is made sure that nothing is halved."""
    index = opened(data_dir)
    index.repair()
    assert_whole(index)
    assert_chroma_is_in_step(index)
    found = {filing.id: index.library.text(filing.id) for filing in index.library.filings()}
    index.close()
    return found


def test_what_was_backed_up_comes_back_and_nothing_is_embedded_for_it(tmp_path: Path) -> None:
    data_dir = library_with(tmp_path / "data", range(3))
    (data_dir / "facets.toml").write_text("# mine\n")
    before = held(data_dir)
    made = back_up(data_dir, tmp_path / "backup.zip")
    assert made.filings == 3
    restored, aside = restore(tmp_path / "backup.zip", tmp_path / "elsewhere")
    assert restored.rows == made.rows
    assert aside is None
    encoder = StandInEncoder()
    index = FilingIndex(IndexSettings(data_dir=tmp_path / "elsewhere", least_free_bytes=0), encoder)
    index.repair()
    assert encoder.texts == []
    index.close()
    assert held(tmp_path / "elsewhere") == before
    assert (tmp_path / "elsewhere" / "facets.toml").read_text() == "# mine\n"


def test_what_was_there_is_moved_aside_whole(tmp_path: Path) -> None:
    older = library_with(tmp_path / "older", range(2))
    back_up(older, tmp_path / "backup.zip")
    data_dir = library_with(tmp_path / "data", range(5, 8))
    before = held(data_dir)
    _, aside = restore(tmp_path / "backup.zip", data_dir)
    assert held(data_dir) == held(older)
    assert aside is not None
    assert held(aside) == before
    assert [path.name for path in data_dir.iterdir() if path.name.startswith(".restore")] == []


@pytest.mark.timeout(120)
def test_a_backup_during_an_ingest_is_one_moment_of_it(tmp_path: Path) -> None:
    paths = [write_filing(tmp_path, number, 120) for number in range(12)]
    data_dir = library_with(tmp_path / "data", range(50, 51))
    command = [sys.executable, str(ROOT / "tests/index/worker.py"), str(data_dir), *map(str, paths)]
    with subprocess.Popen(command, env=os.environ | {"PACE": "0.05"}, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = 1
        backups = 0
        for line in writer.stdout:
            assert "\tadded\t" in line
            acknowledged += 1
            file = tmp_path / f"backup-{backups}.zip"
            made = back_up(data_dir, file)
            assert acknowledged <= made.filings <= len(paths) + 1
            backups += 1
        assert writer.wait(60) == 0
    assert backups == len(paths)
    assert len(held(data_dir)) == len(paths) + 1, "the writer was disturbed"
    for number in (0, 4, 7):
        restore(tmp_path / f"backup-{number}.zip", tmp_path / f"restored-{number}")
        index = opened(tmp_path / f"restored-{number}")
        index.embed_unfinished()  # one that was on its way is made up
        index.close()
        assert len(held(tmp_path / f"restored-{number}")) >= number + 2


def test_a_backup_that_was_cut_off_or_changed_is_refused(tmp_path: Path) -> None:
    data_dir = library_with(tmp_path / "data", range(1))
    whole = tmp_path / "backup.zip"
    back_up(data_dir, whole)
    content = whole.read_bytes()
    mine = library_with(tmp_path / "mine", range(7, 8))
    before = held(mine)
    chance = random.Random(8)  # noqa: S311
    refused = 0
    for number in range(60):
        damaged = bytearray(content[: chance.randrange(len(content))] if number % 2 else content)
        if not number % 2:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        broken = tmp_path / "broken.zip"
        broken.write_bytes(damaged)
        try:
            restore(broken, tmp_path / f"other-{number}")
        except UnusableBackup:
            refused += 1
            assert not (tmp_path / f"other-{number}" / "library.db").exists()
        else:  # a bit of the zip that says nothing, such as a time
            assert held(tmp_path / f"other-{number}") == held(data_dir)
    assert refused >= 55
    with pytest.raises(UnusableBackup, match=r"^.* is damaged: it was cut off or changed\. Nothing was restored.*\.$"):
        restore(broken, mine)
    assert held(mine) == before


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "chroma/x", "library.db/../../evil"])
def test_a_backup_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    data_dir = library_with(tmp_path / "data", range(1))
    back_up(data_dir, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as source:
        manifest = source.read("manifest.json").decode()
        record = source.read("library.db")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as target:
        target.writestr("manifest.json", manifest.replace('"library.db": "', f'"{name}": "0", "library.db": "'))
        target.writestr("library.db", record)
        target.writestr(name, "evil")
    with pytest.raises(UnusableBackup):
        restore(tmp_path / "evil.zip", tmp_path / "inside" / "data")
    assert not list(tmp_path.rglob("evil.txt"))
    assert not Path("/etc/evil").exists()


def test_a_library_that_somebody_has_open_is_not_replaced(tmp_path: Path) -> None:
    data_dir = library_with(tmp_path / "data", range(2))
    back_up(data_dir, tmp_path / "backup.zip")
    page = opened(data_dir)
    page.library.filings()
    with pytest.raises(ValueError, match="has the library open"):
        restore(tmp_path / "backup.zip", data_dir)
    assert len(page.library.filings()) == 2
    page.close()
    restore(tmp_path / "backup.zip", data_dir)


def test_a_damaged_library_can_be_replaced_but_not_backed_up(tmp_path: Path) -> None:
    data_dir = library_with(tmp_path / "data", range(2))
    before = held(data_dir)
    back_up(data_dir, tmp_path / "backup.zip")
    content = bytearray((data_dir / "library.db").read_bytes())
    content[4096:12288] = os.urandom(8192)
    (data_dir / "library.db").write_bytes(content)
    with pytest.raises(Exception, match=r"damaged|malformed|not a database"):
        back_up(data_dir, tmp_path / "second.zip")
    assert not (tmp_path / "second.zip").exists()
    _, aside = restore(tmp_path / "backup.zip", data_dir)
    assert held(data_dir) == before
    assert aside is not None
    assert (aside / "library.db").read_bytes()[100:] == bytes(content)[100:]  # all but the header of the file


@pytest.mark.parametrize("packed", OLD, ids=lambda path: path.name.partition(".")[0])
def test_a_backup_of_an_earlier_version_is_restored(packed: Path, tmp_path: Path) -> None:
    back_up(unpacked(packed, tmp_path / "old"), tmp_path / "backup.zip")
    restore(tmp_path / "backup.zip", tmp_path / "data")
    assert len(held(tmp_path / "data")) == 2


def put_back(file: Path, data_dir: Path, say: Connection) -> None:
    say.send("started")
    restore(file, data_dir)


@pytest.mark.timeout(120)
def test_a_restore_that_is_killed_leaves_the_one_library_or_the_other(tmp_path: Path) -> None:
    back_up(library_with(tmp_path / "older", range(2)), tmp_path / "backup.zip")
    data_dir = library_with(tmp_path / "data", range(5, 8))
    one, other = held(data_dir), held(tmp_path / "older")
    chance = random.Random(time.time_ns())  # noqa: S311
    for _ in range(15):
        hear, say = forked.Pipe(duplex=False)
        victim = forked.Process(target=put_back, args=(tmp_path / "backup.zip", data_dir, say))
        victim.start()
        say.close()
        assert hear.poll(60)
        victim.join(chance.uniform(0, 0.08))
        if victim.is_alive() and victim.pid:
            os.kill(victim.pid, signal.SIGKILL)
        victim.join(30)
        assert held(data_dir) in (one, other)
    asides = [held(path) for path in data_dir.glob("before-restore-*") if (path / "library.db").exists()]
    assert held(data_dir) == one or one in asides, "what was there is lost"


def test_the_commands_speak_in_sentences(tmp_path: Path) -> None:
    data_dir = library_with(tmp_path / "data", range(1))

    def told(*arguments: object) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return done.exit_code, done.stdout, done.stderr

    file = tmp_path / "backup.zip"
    code, out, _ = told("backup", file, "--data-dir", data_dir)
    assert code == 0
    assert "Backed up 1 filing" in out
    code, out, _ = told("restore", file, "--data-dir", data_dir)
    assert code == 0
    assert "Restored 1 filing" in out
    assert "before-restore-" in out
    (tmp_path / "thesis.docx").write_text("mine")
    for arguments in [
        ("backup", tmp_path / "thesis.docx", "--data-dir", data_dir),
        ("backup", tmp_path, "--data-dir", data_dir),
        ("backup", tmp_path / "x.zip", "--data-dir", tmp_path / "nowhere"),
        ("restore", tmp_path / "absent.zip", "--data-dir", data_dir),
        ("restore", tmp_path / "thesis.docx", "--data-dir", data_dir),
    ]:
        code, out, err = told(*arguments)
        assert (code, out) == (1, ""), arguments
        assert err.replace("\n", " ").strip().endswith("."), err
        assert "Traceback" not in err
    assert (tmp_path / "thesis.docx").read_text() == "mine"
